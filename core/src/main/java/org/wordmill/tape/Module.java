package org.wordmill.tape;

import java.util.List;

/**
 * A part of a network: parameters of its own and parts of its own. A {@link LeafModule} has a
 * forward and a backward formula; every other module only applies its parts to a tape, in a {@code
 * forward} method with the arguments that suit it. Modules are immutable, hold no numbers, know
 * nothing of training, and may be used by many threads, each with its own {@link Tape}.
 */
public abstract class Module {

  /** The parameters that this module itself uses, in the order of the flat vector. */
  public List<Parameter> parameters() {
    return List.of();
  }

  /** The parts, in the order in which their parameters lie in the flat vector. */
  public List<Module> children() {
    return List.of();
  }
}
