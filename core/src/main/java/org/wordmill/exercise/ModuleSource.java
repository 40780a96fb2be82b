package org.wordmill.exercise;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.tape.GradientCheck;
import org.wordmill.tape.LeafModule;

/**
 * A Java file with one module in it, to be compiled and checked: a public class in no package,
 * named as the file, with a method {@code public static GradientCheck.Case gradientCheck()} that
 * says at which inputs it is to be checked.
 *
 * <p>It is compiled in memory against the classes of this program, and runs with the rights of this
 * program: compile only what you would run. Needs a JDK; a Java without a compiler is told so.
 */
public final class ModuleSource {
  private static final String METHOD = "gradientCheck";

  private ModuleSource() {}

  /**
   * Compiles a file, and asks its class what to check.
   *
   * @throws WordmillException STORAGE when there is no such file; BAD_INPUT when it does not
   *     compile or lacks the class or the method; USAGE when this Java has no compiler
   */
  public static GradientCheck.Case gradientCheck(Path file) {
    String name = file.getFileName().toString().replaceFirst("\\.java$", "");
    try {
      Method method = compile(file, name).loadClass(name).getMethod(METHOD);
      if (!Modifier.isStatic(method.getModifiers())
          || method.getReturnType() != GradientCheck.Case.class) {
        throw wrong(METHOD + " is not static, or returns no GradientCheck.Case", file, null);
      }
      return (GradientCheck.Case) method.invoke(null);
    } catch (ClassNotFoundException e) {
      throw wrong("there is no class " + name + " outside of packages", file, e);
    } catch (NoSuchMethodException e) {
      throw wrong("the class has no public static method " + METHOD + "()", file, e);
    } catch (IllegalAccessException e) {
      throw wrong("the class is not public", file, e);
    } catch (InvocationTargetException e) {
      throw wrong(METHOD + " failed: " + e.getCause(), file, e);
    }
  }

  private static ClassLoader compile(Path file, String name) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new WordmillException(
          ExitCode.USAGE,
          "this Java has no compiler",
          System.getProperty("java.home", ""),
          "run a JDK, not a JRE");
    }
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    try (MemoryClasses classes =
        new MemoryClasses(compiler.getStandardFileManager(found, Locale.ROOT, null))) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  classes,
                  found,
                  List.of("-proc:none", "-nowarn", "-classpath", classPath()),
                  null,
                  List.of(new SourceText(name, read(file))))
              .call();
      if (!compiled) {
        throw found.getDiagnostics().stream()
            .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
            .findFirst()
            .map(first -> doesNotCompile(file, first))
            .orElseGet(() -> wrong("it does not compile", file, null));
      }
      return classes.loader(ModuleSource.class.getClassLoader());
    } catch (IOException e) {
      throw wrong("the compiler failed: " + e, file, e);
    }
  }

  /** Where the classes of this program lie: under Spark that is not the class path of the JVM. */
  private static String classPath() {
    try {
      return Path.of(LeafModule.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "the file cannot be read", file.toString(), "check the path", e);
    }
  }

  private static WordmillException doesNotCompile(
      Path file, Diagnostic<? extends JavaFileObject> first) {
    return new WordmillException(
        ExitCode.BAD_INPUT,
        "it does not compile: " + first.getMessage(Locale.ROOT).replaceAll("\\s+", " "),
        file + ":" + first.getLineNumber(),
        "correct the line");
  }

  private static WordmillException wrong(String what, Path file, @Nullable Exception cause) {
    String remedy = "see the page 'add a module' of the teaching guide";
    return cause == null
        ? new WordmillException(ExitCode.BAD_INPUT, what, file.toString(), remedy)
        : new WordmillException(ExitCode.BAD_INPUT, what, file.toString(), remedy, cause);
  }
}
