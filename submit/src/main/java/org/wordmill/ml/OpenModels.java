package org.wordmill.ml;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;

/** The models that are open in this process: each once, for all tasks and threads. */
final class OpenModels {
  /** Softly, so that models of the past go when memory is wanted. */
  private static final Map<String, SoftReference<OpenModel>> OPEN = new HashMap<>();

  private OpenModels() {}

  static synchronized OpenModel of(SharedModel model) {
    SoftReference<OpenModel> reference = OPEN.get(model.id());
    OpenModel open = reference == null ? null : reference.get();
    if (open == null) {
      open = model.open();
      OPEN.put(model.id(), new SoftReference<>(open));
    }
    return open;
  }
}
