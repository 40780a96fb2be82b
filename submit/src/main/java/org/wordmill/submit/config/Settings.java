package org.wordmill.submit.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Settings in HOCON, read as data only: no environment, no system properties, no network; an {@code
 * include} names a file beside the one that includes it, or a preset.
 */
public final class Settings {
  /** How the library calls the place of an object that several places have made. */
  private static final String MERGED = "merge of ";

  /** Renders settings as JSON. */
  public static final ConfigRenderOptions CONCISE = ConfigRenderOptions.concise();

  private static final ConfigRenderOptions RENDERING =
      ConfigRenderOptions.defaults().setOriginComments(false).setComments(false).setJson(false);

  /** The library quotes keys with underscores, which need no quotes. */
  private static final Pattern PLAIN_KEY =
      Pattern.compile("^( *)\"([a-z][a-z0-9_]*)\"(?=[= ])", Pattern.MULTILINE);

  private Settings() {}

  /**
   * Reads a file or, when there is no such file, a preset, and then the assignments over it.
   *
   * @param fileOrPreset a path, or a name of {@link Presets#names}
   * @param assignments {@code key=value}, the value in HOCON; the last one wins
   */
  public static Config load(String fileOrPreset, List<String> assignments) {
    return complete(parse(fileOrPreset), fileOrPreset, assignments);
  }

  /**
   * The same for settings that are text already.
   *
   * @param name what messages call it
   */
  public static Config parse(String name, String text, List<String> assignments) {
    return complete(parse(new Presets.Source(name, text), Optional.empty()), name, assignments);
  }

  private static Config complete(Config parsed, String name, List<String> assignments) {
    Config config = parsed;
    for (String assignment : assignments) {
      config = assignment(assignment, config);
    }
    try {
      return config.resolve(ConfigResolveOptions.defaults().setUseSystemEnvironment(false));
    } catch (ConfigException e) {
      throw fault(e, name);
    }
  }

  /** The settings as a file that {@link #load} reads back. */
  public static String render(Config config) {
    return PLAIN_KEY.matcher(config.root().render(RENDERING)).replaceAll("$1$2");
  }

  private static Config parse(String fileOrPreset) {
    Path file = Path.of(fileOrPreset);
    if (Files.isRegularFile(file)) {
      Optional<Path> folder = Optional.ofNullable(file.toAbsolutePath().getParent());
      return parse(new Presets.Source(fileOrPreset, read(file)), folder);
    }
    return parse(
        Presets.find(fileOrPreset)
            .orElseThrow(
                () ->
                    new WordmillException(
                        ExitCode.USAGE,
                        "there is neither a file nor a preset '" + fileOrPreset + "'",
                        "option --config",
                        NearestName.remedy(fileOrPreset, Presets.names()))),
        Optional.empty());
  }

  private static Config parse(Presets.Source source, Optional<Path> folder) {
    try {
      return ConfigFactory.parseReader(
          source.reader(),
          ConfigParseOptions.defaults()
              .setOriginDescription(source.name())
              .setIncluder(new Neighbours(folder)));
    } catch (ConfigException e) {
      throw fault(e, source.name());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "cannot read the settings: " + e, file.toString(), "", e);
    }
  }

  /** The settings after one assignment; an object replaces what was there, it is not merged. */
  private static Config assignment(String assignment, Config settings) {
    String where = "option --set " + assignment;
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new WordmillException(
          ExitCode.USAGE, "a setting has the form key=value", where, "write --set steps=100");
    }
    String key = assignment.substring(0, equals).strip();
    String value = assignment.substring(equals + 1).strip();
    try {
      String path = ConfigUtil.joinPath(ConfigUtil.splitPath(key));
      return ConfigFactory.parseString(
              path + " = " + (value.isEmpty() ? "\"\"" : value),
              ConfigParseOptions.defaults()
                  .setOriginDescription(where)
                  .setIncluder(new Neighbours(Optional.empty())))
          .withFallback(settings.withoutPath(path));
    } catch (ConfigException e) {
      throw fault(e, where);
    }
  }

  /**
   * {@code file:line}, of all that were put together, or the description where there are no lines.
   */
  static String place(ConfigValue value) {
    return place(value.origin());
  }

  private static String place(ConfigOrigin origin) {
    String description = origin.description();
    if (description.startsWith(MERGED)) {
      return description.substring(MERGED.length()).replaceAll(": (\\d+)(?=,|$)", ":$1");
    }
    if (origin.lineNumber() <= 0 || description.startsWith("option ")) {
      return description.replaceFirst(": \\d+$", "");
    }
    String line = ": " + origin.lineNumber();
    return (description.endsWith(line)
            ? description.substring(0, description.length() - line.length())
            : description)
        + ":"
        + origin.lineNumber();
  }

  private static WordmillException fault(ConfigException e, String source) {
    String where = e.origin() == null ? source : place(e.origin());
    String what = String.valueOf(e.getMessage());
    String prefix = e.origin() == null ? "" : e.origin().description() + ": ";
    return new WordmillException(
        ExitCode.USAGE,
        "not valid HOCON: " + (what.startsWith(prefix) ? what.substring(prefix.length()) : what),
        where,
        "",
        e);
  }

  /** Includes nothing but files of the same folder and presets. */
  private record Neighbours(Optional<Path> folder)
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderClasspath, ConfigIncluderURL {

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      if (what.contains("/") || what.contains("\\") || what.startsWith("..")) {
        throw refused(what);
      }
      Optional<Path> file = folder.map(f -> f.resolve(what)).filter(Files::isRegularFile);
      if (file.isPresent()) {
        return parse(new Presets.Source(file.get().toString(), read(file.get())), folder).root();
      }
      return Presets.find(what.replaceFirst("\\.conf$", ""))
          .map(source -> parse(source, Optional.empty()).root())
          .orElseThrow(() -> refused(what));
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      throw refused(what.toString());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
      throw refused(what);
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
      throw refused(what.toString());
    }

    private WordmillException refused(String what) {
      return new WordmillException(
          ExitCode.USAGE,
          "cannot include \"" + what + "\"",
          folder.map(Path::toString).orElse("the settings"),
          "include \"NAME.conf\" takes a file of the same folder, or a preset");
    }
  }
}
