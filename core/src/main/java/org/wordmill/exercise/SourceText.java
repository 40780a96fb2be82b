package org.wordmill.exercise;

import java.net.URI;
import javax.tools.SimpleJavaFileObject;

/** A Java source that the compiler reads from memory. */
final class SourceText extends SimpleJavaFileObject {
  private final String text;

  /**
   * @param className of the public class
   */
  SourceText(String className, String text) {
    super(URI.create("string:///" + className + Kind.SOURCE.extension), Kind.SOURCE);
    this.text = text;
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return text;
  }
}
