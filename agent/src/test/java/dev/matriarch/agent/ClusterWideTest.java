package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterWideTest {
  @Test
  void takesNoValueThatAServerCouldNotStartWith() {
    assertThat(
            ClusterWide.usable(
                Map.of(
                    "max_connections", "101",
                    "max_wal_senders", "2",
                    "max_replication_slots", "ten",
                    "wal_level", "minimal",
                    "hot_standby", "true",
                    "wal_log_hints", "maybe")))
        .containsOnly(Map.entry("max_connections", "101"), Map.entry("hot_standby", "true"));
    assertThat(ClusterWide.contains("wal_level")).isTrue();
    assertThat(ClusterWide.contains("work_mem")).isFalse();
  }
}
