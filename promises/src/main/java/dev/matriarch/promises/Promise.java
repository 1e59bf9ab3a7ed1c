package dev.matriarch.promises;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the promises (P1 to P323 of the seed documents) that a test shows. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Promise {
  /** Promise numbers, such as {@code "P46"}. */
  String[] value();
}
