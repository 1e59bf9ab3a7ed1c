package dev.matriarch.chronicle;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/**
 * A record type taken apart and put together.
 *
 * @param name its name within its package, such as {@code Effect.Follow}
 * @param components in the order of its constructor
 */
record Form(
    Class<?> type, String name, List<RecordComponent> components, Constructor<?> constructor) {
  Form {
    components = List.copyOf(components);
  }

  static Form of(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return new Form(type, name(type), List.of(components), type.getDeclaredConstructor(types));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every record has its constructor", e);
    }
  }

  /** The name within the package. */
  static String name(Class<?> type) {
    return type.getCanonicalName().substring(type.getPackageName().length() + 1);
  }

  Object value(RecordComponent component, Object of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(name + "." + component.getName() + " is not readable", e);
    }
  }

  Object make(Object[] values) throws Unreadable {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new Unreadable(name + " cannot be made: " + e.getCause().getMessage());
    } catch (InstantiationException | IllegalAccessException e) {
      throw new IllegalStateException(name + " has no constructor to call", e);
    }
  }
}
