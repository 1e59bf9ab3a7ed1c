package dev.matriarch.inventory;

import java.util.List;
import java.util.function.Function;

/**
 * Something that is read from a few parameters and is the same for every cluster that does not set
 * them itself: thousands of clusters hold it once.
 */
final class Shared<T> {
  private final List<String> parameters;
  private final Function<Settings, T> reading;
  private final T ofGlobals;

  Shared(Settings globals, List<String> parameters, Function<Settings, T> reading) {
    this.parameters = parameters;
    this.reading = reading;
    this.ofGlobals = reading.apply(globals);
  }

  T read(Settings settings) {
    boolean own =
        parameters.stream()
            .anyMatch(p -> settings.cluster().containsKey(p) || settings.host().containsKey(p));
    return own ? reading.apply(settings) : ofGlobals;
  }
}
