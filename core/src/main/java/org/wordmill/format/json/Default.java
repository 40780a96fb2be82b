package org.wordmill.format.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a component of a record is where a file does not say it: for components that came later than
 * the first files, so that old checkpoints and short settings can still be read. Files that are
 * written always say it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  /** A number, a boolean, or a word (the name of an enum's constant in lower case). */
  String value();
}
