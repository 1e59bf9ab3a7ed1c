package dev.matriarch.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.Peers;
import dev.matriarch.engine.Rule;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.View;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CodecTest {
  private static final int DRAWS = 2000;

  private final Codec codec = new Codec();
  private final Shape shape = Shape.current();
  private final Decoder decoder = new Decoder(codec, shape);

  @Test
  void anyViewEventAndOrderComesBackAsItWas() throws Exception {
    for (long seed = 0; seed < DRAWS; seed++) {
      Values values = new Values(seed);
      comesBack(View.class, values.any(View.class));
      comesBack(Event.class, values.any(Event.class));
      comesBack(Order.class, values.any(Order.class));
    }
  }

  private <T> void comesBack(Class<T> type, T value) throws Exception {
    ObjectNode json = codec.write(type, value);
    assertThat(decoder.read(type, reread(json))).isEqualTo(value);
  }

  private static JsonNode reread(JsonNode json) throws IOException {
    return new ObjectMapper().readTree(json.toString());
  }

  @Test
  void theDrawsReachEveryEventAndEveryEffect() {
    Set<String> drawn = new TreeSet<>();
    for (long seed = 0; seed < DRAWS; seed++) {
      // The first draw of neighbouring seeds hardly varies among sixteen.
      Values values = new Values(seed * 0x9E3779B97F4A7C15L);
      drawn.add(values.any(Event.class).getClass().getSimpleName());
      drawn.add(values.any(Effect.class).getClass().getSimpleName());
    }
    assertThat(drawn)
        .containsAll(names(Event.class.getPermittedSubclasses()))
        .containsAll(names(Effect.class.getPermittedSubclasses()));
  }

  private static List<String> names(Class<?>[] types) {
    return Arrays.stream(types).map(Class::getSimpleName).toList();
  }

  @Test
  void aDeltaMakesOneViewOfAnother() {
    for (long seed = 0; seed < DRAWS; seed++) {
      ObjectNode one = codec.write(View.class, new Values(seed).any(View.class));
      ObjectNode other = codec.write(View.class, new Values(~seed).any(View.class));
      assertThat(Delta.apply(one, Delta.between(one, other))).isEqualTo(other);
      assertThat(Delta.between(one, one).isEmpty()).isTrue();
    }
  }

  @Test
  @SuppressWarnings("ReferenceEquality")
  void withAMemoryTheSameIsWrittenAndWhatStayedIsNotWrittenAgain() throws Exception {
    Codec.Memory memory = new Codec.Memory();
    View last = new Values(0).any(View.class);
    ObjectNode written = codec.write(View.class, last, memory);
    for (long seed = 1; seed < DRAWS / 4; seed++) {
      Random random = new Random(seed);
      View next = mixed(last, new Values(seed).any(View.class), random);
      ObjectNode now = codec.write(View.class, next, memory);
      assertThat(now).as("seed %d", seed).isEqualTo(codec.write(View.class, next));
      if (next.store() == last.store()) {
        assertThat(now.path("store")).isSameAs(written.path("store"));
      }
      last = next;
      written = now;
    }
  }

  /** Each part from either of them. */
  private View mixed(View one, View other, Random random) throws Exception {
    Form form = codec.form(View.class);
    Object[] parts =
        form.components().stream()
            .map(part -> form.value(part, random.nextBoolean() ? one : other))
            .toArray();
    return (View) form.make(parts);
  }

  @Test
  void whatTheWriterDidNotHaveIsTakenAsNothingKnown() throws Exception {
    SortedMap<String, List<String>> types = new TreeMap<>(shape.types());
    types.put("Tags", List.of("nofailover", "replicatefrom"));
    Decoder old = new Decoder(codec, new Shape(types));
    JsonNode json = new ObjectMapper().readTree("{\"replicatefrom\":\"pg-test-2\"}");

    assertThat(old.read(Tags.class, json).failoverPriority())
        .as("as in the engine's own blank")
        .isEqualTo(Tags.NONE.failoverPriority());
    assertThat(decoder.read(Tags.class, json).failoverPriority())
        .as("left out because it was zero")
        .isZero();
    assertThat(new Shape(shape.types()).beyond(old.recorded())).contains("Tags.failoverPriority");
  }

  @Test
  void whatDoesNotFitIsNamed() throws Exception {
    ObjectMapper json = new ObjectMapper();
    assertThatThrownBy(() -> decoder.read(Event.class, json.readTree("{\"$\":\"Prayed\"}")))
        .isInstanceOf(Unreadable.class)
        .hasMessage("Event: Event has no 'Prayed' in this version");
    assertThatThrownBy(() -> decoder.read(Tags.class, json.readTree("{\"nosync\":\"yes\"}")))
        .isInstanceOf(Unreadable.class)
        .hasMessage("Tags.nosync: \"yes\" is no boolean");
    assertThatThrownBy(
            () -> decoder.read(Event.class, json.readTree("{\"$\":\"Ended\",\"order\":1}")))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("Event.outcome is not there");
  }

  @Test
  void everyTypeHasAFormOfItsOwnName() {
    assertThat(shape.types()).containsKeys("View", "Event.Ended", "Effect.Follow", "Lease.Held");
    assertThat(shape.types().get("Peers")).hasSize(Peers.class.getRecordComponents().length);
    assertThat(Shape.read(shape.json())).isEqualTo(shape);
    assertThat(shape.types()).doesNotContainKey(Rule.class.getSimpleName());
    assertThat(shape.beyond(new Shape(Collections.emptySortedMap()))).contains("View");
  }
}
