package dev.matriarch.inventory;

import java.util.Optional;

/** Where something stands: the path of its key, put together only when it is asked for. */
record Place(Optional<Place> parent, String step, int line) {
  static final Place FILE = new Place(Optional.empty(), "", 1);

  Place at(String key, int keyLine) {
    return new Place(Optional.of(this), key, keyLine);
  }

  Place at(int index, int itemLine) {
    return new Place(Optional.of(this), "[" + index + "]", itemLine);
  }

  String path() {
    String before = parent.map(Place::path).orElse("");
    return before.isEmpty() || step.startsWith("[") ? before + step : before + "." + step;
  }
}
