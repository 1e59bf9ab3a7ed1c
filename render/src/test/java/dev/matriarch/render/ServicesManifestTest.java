package dev.matriarch.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.render.ServicesManifest.Kind;
import dev.matriarch.render.ServicesManifest.Service;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServicesManifestTest {
  @Test
  void has_the_documented_form() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("lease_ms", "20000");
    settings.put("user", "postgres");
    var etcd = new Service("etcd", Kind.PLAIN, List.of("/usr/bin/etcd", "--config-file", "/d/e"));
    var agent = new Service("agent", Kind.AGENT, List.of("/opt/matriarch", "agent", "/d/a b"));
    assertThat(new ServicesManifest(settings, List.of(etcd, agent)).text())
        .isEqualTo(
            """
            set\tlease_ms\t20000
            set\tuser\tpostgres
            etcd\tplain\t/usr/bin/etcd\t--config-file\t/d/e
            agent\tagent\t/opt/matriarch\tagent\t/d/a b
            """);
  }

  @Test
  void refuses_what_would_break_its_lines() {
    assertThatThrownBy(() -> new Service("a\tb", Kind.PLAIN, List.of("/x")))
        .hasMessageContaining("control characters");
    assertThatThrownBy(() -> new Service("a", Kind.PLAIN, List.of("/x", "y\nz")))
        .hasMessageContaining("control characters");
    assertThatThrownBy(() -> new Service("a", Kind.PLAIN, List.of("x")))
        .hasMessageContaining("absolute path");
    assertThatThrownBy(() -> new Service("set", Kind.PLAIN, List.of("/x")))
        .hasMessageContaining("'set'");
    assertThatThrownBy(() -> new ServicesManifest(Map.of("user", "a\nb"), List.of()))
        .hasMessageContaining("control characters");
  }
}
