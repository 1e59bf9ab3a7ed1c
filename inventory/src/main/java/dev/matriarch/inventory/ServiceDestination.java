package dev.matriarch.inventory;

/** Where a service sends its connections on a member ({@code dest}). */
public sealed interface ServiceDestination {
  /** To the pooler of the member. */
  record Pooler() implements ServiceDestination {}

  /** Past the pooler, to PostgreSQL itself. */
  record Postgres() implements ServiceDestination {}

  /** To a port given by number. */
  record Port(int number) implements ServiceDestination {}

  /** The port of an instance that this destination means. */
  default int portOf(Instance instance) {
    return switch (this) {
      case Pooler() -> instance.ports().pooler();
      case Postgres() -> instance.ports().postgres();
      case Port(int number) -> number;
    };
  }
}
