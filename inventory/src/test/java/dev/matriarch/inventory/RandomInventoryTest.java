package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random valid inventories: what was declared is what is there. A seed reproduces any case. */
class RandomInventoryTest {
  private static final List<InstanceRole> FOLLOWERS =
      List.of(
          InstanceRole.REPLICA, InstanceRole.STANDBY, InstanceRole.OFFLINE, InstanceRole.DELAYED);

  private record Declared(String cluster, int seq, InstanceRole role, String address) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  @Promise({"P2", "P6", "P87", "P90", "P92", "P94", "P97"})
  void identityRoundTrips(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      List<Declared> declared = declare(random);
      boolean under = random.nextBoolean();
      Inventory inventory = Read.valid(write(declared, under));
      List<Declared> read = new ArrayList<>();
      for (Cluster cluster : inventory.clusters()) {
        assertThat(cluster.primary().role()).isEqualTo(InstanceRole.PRIMARY);
        for (Instance instance : cluster.instances()) {
          assertThat(instance.name()).isEqualTo(cluster.name() + "-" + instance.seq());
          assertThat(inventory.node(instance.address()).orElseThrow().instances())
              .contains(instance);
          read.add(
              new Declared(
                  instance.cluster(), instance.seq(), instance.role(), instance.address().text()));
        }
        cluster
            .services()
            .forEach(s -> assertThat(s.nameIn(cluster)).startsWith(cluster.name() + "-"));
      }
      assertThat(read).isEqualTo(declared);
      assertThat(inventory.etcd().members().size() % 2).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34})
  @Promise({"P87", "P92"})
  void oneBrokenRuleIsFound(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      List<Declared> declared = declare(random);
      int at = random.nextInt(declared.size());
      Declared old = declared.get(at);
      Declared broken =
          switch (random.nextInt(3)) {
            case 0 -> new Declared(old.cluster(), 0, old.role(), old.address());
            case 1 -> new Declared(old.cluster(), old.seq(), old.role(), "10.300.1.1");
            default ->
                new Declared(
                    old.cluster(),
                    old.seq(),
                    old.role() == InstanceRole.PRIMARY
                        ? InstanceRole.REPLICA
                        : InstanceRole.PRIMARY,
                    old.address());
          };
      declared.set(at, broken);
      assertThat(Read.problems(write(declared, random.nextBoolean())))
          .as("%s instead of %s", broken, old)
          .isNotEmpty();
    }
  }

  private static List<Declared> declare(Random random) {
    List<Declared> declared = new ArrayList<>();
    int clusters = 1 + random.nextInt(5);
    for (int c = 0; c < clusters; c++) {
      int size = 1 + random.nextInt(6);
      int primary = random.nextInt(size);
      List<Integer> seqs = new ArrayList<>();
      for (int i = 1; i <= 3 * size; i++) {
        seqs.add(i);
      }
      Collections.shuffle(seqs, random);
      for (int i = 0; i < size; i++) {
        InstanceRole role =
            i == primary ? InstanceRole.PRIMARY : FOLLOWERS.get(random.nextInt(FOLLOWERS.size()));
        declared.add(new Declared("pg-c" + c, seqs.get(i), role, "10.%d.0.%d".formatted(c, i + 1)));
      }
    }
    return declared;
  }

  private static String write(List<Declared> declared, boolean under) {
    StringBuilder text = new StringBuilder();
    String cluster = "";
    for (Declared d : declared) {
      if (!d.cluster().equals(cluster)) {
        cluster = d.cluster();
        text.append("%s:%n  vars: {pg_cluster: %s}%n  hosts:%n".formatted(cluster, cluster));
      }
      text.append(
          "    %s: {pg_seq: %d, pg_role: %s}%n".formatted(d.address(), d.seq(), d.role().word()));
    }
    return under ? "all:\n  children:\n" + text.toString().indent(4) : text.toString();
  }
}
