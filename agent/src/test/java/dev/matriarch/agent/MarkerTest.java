package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkerTest {

  @Test
  void standsBesideTheDataUntilItIsWhole(@TempDir Path folder) {
    Marker marker = Marker.beside(folder.resolve("pg/data"));

    assertThat(marker.isSet()).isFalse();
    marker.set("rewind");
    assertThat(marker.isSet()).isTrue();
    assertThat(Marker.beside(folder.resolve("pg/data")).isSet()).isTrue();
    marker.clear();
    assertThat(marker.isSet()).isFalse();
    marker.clear();
  }
}
