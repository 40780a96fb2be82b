package org.wordmill.submit.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** Which versions this jar was built of and for, and which it runs on. */
final class Versions {
  private static final String RESOURCE = "/org/wordmill/submit/version.properties";

  private Versions() {}

  /** Name and version, in a fixed order: wordmill, java, spark, scala, hadoop, nd4j. */
  static Map<String, String> all() {
    Properties built = built();
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("wordmill", built.getProperty("wordmill"));
    versions.put("java", System.getProperty("java.version"));
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("scala", scala.util.Properties.versionNumberString());
    versions.put("hadoop", org.apache.hadoop.util.VersionInfo.getVersion());
    versions.put("nd4j", built.getProperty("nd4j"));
    return versions;
  }

  /**
   * Refuses a cluster whose Spark was built for another binary version of Scala, which would fail
   * later with a missing method.
   */
  static void requireScala() {
    String wanted = built().getProperty("scala");
    String found = scala.util.Properties.versionNumberString();
    if (!found.startsWith(wanted + ".")) {
      throw new WordmillException(
          ExitCode.USAGE,
          "this jar is built for Scala " + wanted + ", and this Spark runs Scala " + found,
          "",
          "use a Spark for Scala " + wanted);
    }
  }

  private static Properties built() {
    Properties properties = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + RESOURCE);
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
