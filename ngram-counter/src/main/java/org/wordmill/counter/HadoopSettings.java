package org.wordmill.counter;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** A Hadoop configuration on its way to the executors: keys and values, alternating. */
final class HadoopSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] keysAndValues;

  private HadoopSettings(String[] keysAndValues) {
    this.keysAndValues = keysAndValues;
  }

  static HadoopSettings of(Configuration configuration) {
    Map<String, String> sorted = new TreeMap<>();
    configuration.forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    String[] flat = new String[2 * sorted.size()];
    int i = 0;
    for (Map.Entry<String, String> entry : sorted.entrySet()) {
      flat[i++] = entry.getKey();
      flat[i++] = entry.getValue();
    }
    return new HadoopSettings(flat);
  }

  Configuration toConfiguration() {
    Configuration configuration = new Configuration(false);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      configuration.set(keysAndValues[i], keysAndValues[i + 1]);
    }
    return configuration;
  }
}
