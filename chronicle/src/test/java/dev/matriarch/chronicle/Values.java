package dev.matriarch.chronicle;

import dev.matriarch.engine.Lsn;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Any values of the engine's types, drawn from a seed. */
final class Values {
  private final Random random;
  private final Codec codec = new Codec();

  Values(long seed) {
    this.random = new Random(seed);
  }

  <T> T any(Class<T> type) {
    return type.cast(draw(type));
  }

  private Object draw(Type type) {
    Class<?> raw = Codec.raw(type);
    if (raw == Optional.class) {
      return random.nextBoolean() ? Optional.empty() : Optional.of(draw(Codec.argument(type, 0)));
    } else if (Map.class.isAssignableFrom(raw)) {
      return map(type);
    } else if (Iterable.class.isAssignableFrom(raw)) {
      List<Object> many = many(Codec.argument(type, 0));
      return Set.class.isAssignableFrom(raw) ? set(raw, many) : many;
    } else if (raw.isSealed()) {
      Class<?>[] family = raw.getPermittedSubclasses();
      return draw(family[random.nextInt(family.length)]);
    } else if (raw.isRecord() && raw != Lsn.class) {
      return made(raw);
    }
    return scalar(raw);
  }

  private Object scalar(Class<?> raw) {
    if (raw == String.class) {
      return List.of("", "pg-test-1", "ä\n\"\\\u0000 {}", "null").get(random.nextInt(4));
    } else if (raw == boolean.class) {
      return random.nextBoolean();
    } else if (raw == int.class || raw == Integer.class) {
      return random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(3);
    } else if (raw == long.class || raw == Long.class) {
      return random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(3);
    } else if (raw == double.class || raw == Double.class) {
      return random.nextDouble();
    } else if (raw == Lsn.class) {
      return random.nextInt(4) == 0 ? Lsn.ZERO : new Lsn(random.nextLong());
    } else if (raw == Instant.class) {
      return Instant.EPOCH.plusNanos(random.nextLong());
    } else if (raw == Duration.class) {
      return Duration.ofNanos(random.nextLong(1L << 50));
    } else if (raw.isEnum()) {
      return raw.getEnumConstants()[random.nextInt(raw.getEnumConstants().length)];
    }
    throw new AssertionError("a recording cannot hold a " + raw + ": teach Codec and Decoder");
  }

  /** Not every combination is allowed: another is drawn then. */
  private Object made(Class<?> raw) {
    Form form = codec.form(raw);
    for (int i = 0; i < 1000; i++) {
      Optional<Object> made = tried(form);
      if (made.isPresent()) {
        return made.get();
      }
    }
    throw new AssertionError("no " + raw + " of a thousand is allowed");
  }

  private Optional<Object> tried(Form form) {
    Object[] parts = form.components().stream().map(it -> draw(it.getGenericType())).toArray();
    try {
      return Optional.of(form.make(widened(form, parts)));
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }

  private static Object[] widened(Form form, Object[] parts) {
    for (int i = 0; i < parts.length; i++) {
      if (form.components().get(i).getType() == long.class && parts[i] instanceof Integer small) {
        parts[i] = small.longValue();
      }
    }
    return parts;
  }

  private Map<Object, Object> map(Type type) {
    Map<Object, Object> map = Codec.raw(type) == Map.class ? new HashMap<>() : new TreeMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      map.put(draw(Codec.argument(type, 0)), draw(Codec.argument(type, 1)));
    }
    return map;
  }

  private static Set<Object> set(Class<?> raw, List<Object> many) {
    return raw == Set.class ? new HashSet<>(many) : new TreeSet<>(many);
  }

  private List<Object> many(Type element) {
    List<Object> many = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      many.add(draw(element));
    }
    return Collections.unmodifiableList(many);
  }
}
