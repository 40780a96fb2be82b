package org.wordmill.tape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands on a tape, for people: each call with its module, where its inputs came from, and
 * shapes; then, as the tape is popped, the size of the gradient that each call passes on.
 */
public final class TapeListing {

  /**
   * One call.
   *
   * @param number counted from 1, in the order of forward
   * @param module the simple name of its class
   * @param parameters their names
   * @param inputs of each input, {@code #N} for the output of call N, else {@code ids} or {@code
   *     input}, with the shape
   * @param output its shape
   */
  public record Line(
      int number,
      String module,
      List<String> parameters,
      List<String> inputs,
      List<Integer> output) {}

  /**
   * One call that was popped.
   *
   * @param number of the call
   * @param gradientNorm the Euclidean norm of d loss / d output, complete
   * @param into what backward adds to: {@code d#N} for the gradient of the output of call N, and
   *     the names of parameters
   */
  public record Popped(int number, String module, double gradientNorm, List<String> into) {}

  private final Map<Variable, Integer> producers = new IdentityHashMap<>();
  private final Map<Call, Integer> numbers = new IdentityHashMap<>();
  private final List<Line> lines = new ArrayList<>();

  /** Lists the calls that are on the tape now. */
  public TapeListing(Tape tape) {
    for (Call call : tape.calls()) {
      int number = lines.size() + 1;
      List<String> inputs = new ArrayList<>();
      if (call.hasIds()) {
        inputs.add("ids" + Arrays.toString(new int[] {call.ids().batch(), call.ids().time()}));
      }
      for (int i = 0; i < call.inputCount(); i++) {
        Integer producer = producers.get(call.inputVariable(i));
        inputs.add(
            (producer == null ? "input" : "#" + producer) + Arrays.toString(call.input(i).shape()));
      }
      producers.put(call.outputVariable(), number);
      numbers.put(call, number);
      lines.add(
          new Line(
              number,
              name(call),
              call.module().parameters().stream().map(Parameter::name).toList(),
              inputs,
              Arrays.stream(call.outputValue().shape()).boxed().toList()));
    }
  }

  /** The calls in the order of forward. */
  public List<Line> lines() {
    return Collections.unmodifiableList(lines);
  }

  /** Runs {@code tape} backward from {@code loss} and notes every call as it is popped. */
  public List<Popped> backward(Tape tape, Variable loss) {
    List<Popped> popped = new ArrayList<>();
    tape.backward(
        loss,
        call -> {
          List<String> into = new ArrayList<>();
          for (int i = 0; i < call.inputCount(); i++) {
            Integer producer = producers.get(call.inputVariable(i));
            if (call.needsGradient(i)) {
              into.add(producer == null ? "d input" : "d#" + producer);
            }
          }
          call.module().parameters().forEach(parameter -> into.add("d " + parameter.name()));
          Integer number = numbers.get(call);
          popped.add(
              new Popped(
                  number == null ? 0 : number,
                  name(call),
                  Math.sqrt(call.kernels().sumOfSquares(call.outputGradient())),
                  into));
        });
    return popped;
  }

  private static String name(Call call) {
    return call.module().getClass().getSimpleName();
  }
}
