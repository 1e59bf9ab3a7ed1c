package dev.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PureTypesTest {
  @Test
  void lsnKeepsItsTextForm() {
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      Lsn lsn = new Lsn(random.nextLong());
      assertThat(Lsn.parse(lsn.toString())).isEqualTo(lsn);
    }
    assertThat(Lsn.parse("16/B374D848").value()).isEqualTo(0x16_B374D848L);
    assertThat(Lsn.parse("FFFFFFFF/FFFFFFFF")).isGreaterThan(Lsn.parse("0/1"));
    assertThatThrownBy(() -> Lsn.parse("nonsense")).hasMessageContaining("nonsense");
    assertThatThrownBy(() -> Lsn.parse("0/123456789")).hasMessageContaining("0/123456789");
  }

  @Test
  void historyKnowsWhoCanFollow() {
    TimelineHistory history =
        TimelineHistory.parse(
            4, "1\t0/5000000\tno recovery target specified\n\n# note\n3\t0/7000000\tsecond\n");
    assertThat(history.isAncestor(1, Lsn.parse("0/5000000"))).isTrue();
    assertThat(history.isAncestor(1, Lsn.parse("0/5000001"))).isFalse();
    assertThat(history.isAncestor(2, Lsn.parse("0/1"))).isFalse();
    assertThat(history.isAncestor(3, Lsn.parse("0/6FFFFFF"))).isTrue();
    assertThat(history.isAncestor(4, Lsn.parse("FF/0"))).isTrue();
    assertThat(history.switchFrom(3)).contains(Lsn.parse("0/7000000"));
    assertThatThrownBy(() -> TimelineHistory.parse(2, "2 0/1 x"))
        .hasMessageContaining("timeline 2");
    assertThatThrownBy(() -> TimelineHistory.parse(9, "3 0/1 x\n2 0/2 y"))
        .hasMessageContaining("rise");
  }

  @Test
  void conninfoSurvivesQuoting() {
    Map<String, String> keywords = new LinkedHashMap<>();
    keywords.put("host", "10.0.0.1");
    keywords.put("user", "o'neill \\ co");
    keywords.put("empty", "");
    assertThat(Conninfo.parse(Conninfo.write(keywords))).isEqualTo(keywords);
    assertThat(Conninfo.withoutSecrets("host=a password='x y' passfile=/p user=b"))
        .isEqualTo("host=a user=b");
  }

  @Test
  void aSettingIsReadHoweverLongItIs() throws InterruptedException {
    String value = "it's \\ long, ".repeat(20_000);
    String line =
        " Primary_Conninfo = '" + value.replace("\\", "\\\\").replace("'", "''") + "' # x";
    AtomicReference<Optional<SettingLine>> read = new AtomicReference<>(Optional.empty());
    Thread small = new Thread(null, () -> read.set(SettingLine.parse(line)), "small", 1 << 17);
    small.start();
    small.join();
    assertThat(read.get()).contains(new SettingLine("primary_conninfo", value));
    assertThat(SettingLine.parse("port = 5432")).isEmpty();
    assertThat(SettingLine.parse("a = 'never ended")).isEmpty();
    assertThat(SettingLine.parse("include 'other.conf'"))
        .contains(new SettingLine("include", "other.conf"));
  }

  @Test
  void nothingWaitsForeverForAnUpstreamThatIsGone() {
    Upstream upstream = Upstream.of("10.0.0.1", 5432, "replicator", Stable.REPLICATION, "two");
    assertThat(Conninfo.of(upstream))
        .containsKeys(
            "connect_timeout",
            "keepalives_idle",
            "keepalives_interval",
            "keepalives_count",
            "tcp_user_timeout")
        .doesNotContainKey("password");
  }

  @Test
  void unknownParametersAreDroppedAndOldOnesTranslated() {
    Parameters parameters =
        new Parameters(Set.of("work_mem", "wal_keep_size"), "zero_damaged_pages"::equals);
    Map<String, String> given = new LinkedHashMap<>();
    given.put("work_mem", "4MB");
    given.put("wal_keep_segments", "8");
    given.put("no_such_thing", "1");
    given.put("pg_stat_statements.max", "1000");
    given.put("zero_damaged_pages", "off");
    given.put("my.own = 1\nport", "1");
    given.put("my.zero", "a\0b");
    Parameters.Checked checked = parameters.check(given);
    assertThat(checked.accepted())
        .containsOnlyKeys(
            "work_mem", "wal_keep_size", "pg_stat_statements.max", "zero_damaged_pages")
        .containsEntry("wal_keep_size", "128MB");
    assertThat(checked.warnings())
        .hasSize(4)
        .anyMatch(warning -> warning.startsWith("my.own = 1\nport: this server version"))
        .anyMatch(warning -> warning.startsWith("my.zero: its value holds a zero byte"))
        .anyMatch(warning -> warning.startsWith("wal_keep_segments: 8 is written as"))
        .anyMatch(warning -> warning.startsWith("no_such_thing: this server version"));
  }

  @Test
  void verifierIsThatOfTheStandardAndIsRecognised() {
    // The password and salt of RFC 7677's example; the verifier is what PostgreSQL makes of them.
    byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
    ScramVerifier verifier = Scram.verifier(new Secret("pencil"), salt, 4096);
    assertThat(verifier.text())
        .isEqualTo(
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
    assertThat(Scram.matches(verifier.text(), new Secret("pencil"))).isTrue();
    assertThat(Scram.matches(verifier.text(), new Secret("pen"))).isFalse();
    assertThat(Scram.matches("md5abc", new Secret("pencil"))).isFalse();
    assertThat(verifier.toString()).doesNotContain("W22Z");
  }

  @Test
  void socketPathTooLongIsSaid() {
    Path longFolder = Path.of("/tmp/" + "x".repeat(100));
    assertThatThrownBy(
            () ->
                new ServerSpec(
                    Path.of("/d"),
                    Path.of("/b"),
                    List.of("127.0.0.1"),
                    5432,
                    longFolder,
                    Path.of("/r"),
                    OsUser.current(),
                    "postgres",
                    Optional.empty(),
                    ""))
        .hasMessageContaining("119 bytes")
        .hasMessageContaining("107");
  }

  @Test
  void secretsDoNotShow() {
    Secret secret = new Secret("hunter2");
    assertThat(Upstream.of("h", 5432, "u", secret, "a").toString()).doesNotContain("hunter2");
    assertThat(secret).hasToString("***");
  }

  @Test
  void processLinesWithBracketsAreRead() {
    ProcessTable.Entry entry =
        ProcessTable.parse(
            "42 (a) b (c) Z 7 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 99887766 0 0 18446744073709551615");
    assertThat(entry).isEqualTo(new ProcessTable.Entry(42, "a) b (c", 'Z', 7, 99887766));
    assertThat(entry.gone()).isTrue();
  }

  @Test
  void valuesAreQuotedForTheFile() {
    assertThat(SettingValue.quote("it's \\ here")).isEqualTo("'it''s \\\\ here'");
    assertThat(SettingValue.same("true", "on")).isTrue();
    assertThat(SettingValue.same("100", "101")).isFalse();
    assertThat(LocalSql.identifier("a\"b")).isEqualTo("\"a\"\"b\"");
    assertThat(LocalSql.literal("it's")).isEqualTo("'it''s'");
    assertThat(LocalSql.literal("a\\b'")).isEqualTo(" E'a\\\\b'''");
  }
}
