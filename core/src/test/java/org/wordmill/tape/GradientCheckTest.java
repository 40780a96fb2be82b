package org.wordmill.tape;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.wordmill.kernel.Tensor;
import org.wordmill.model.GradientChecks;
import org.wordmill.module.Dropout;
import org.wordmill.tape.GradientCheck.Case;

/** Every module passes the gradient check, and no module passes it with a wrong backward. */
final class GradientCheckTest {
  private static final long SEED = 1986;
  private static final GradientCheck CHECK = new GradientCheck(SEED, 150);

  @TestFactory
  List<DynamicTest> everyModulePassesInEveryMode() {
    List<DynamicTest> tests = new ArrayList<>();
    for (GradientCheck.Mode mode : GradientCheck.Mode.values()) {
      for (Case c : GradientChecks.cases(SEED)) {
        tests.add(
            DynamicTest.dynamicTest(
                c.name() + " " + mode,
                () -> {
                  GradientCheck.Report report = CHECK.check(c, mode);
                  assertThat(report.ok()).as(report.toString()).isTrue();
                  assertThat(report.elements()).isPositive();
                }));
      }
    }
    return tests;
  }

  @Test
  void dropoutIsOffInEvaluationAndItsGradientIsThatOfTheIdentity() {
    Tensor x = Tensor.of(new double[] {1, -2, 3, 4}, 2, 2);
    List<Boolean> training = new ArrayList<>();
    LeafModule inner = new Dropout(0.9);
    LeafModule asked =
        new LeafModule() {
          @Override
          protected Tensor forward(Call call) {
            training.add(call.training());
            return inner.forward(call);
          }

          @Override
          protected void backward(Call call) {
            inner.backward(call);
          }
        };
    assertThat(CHECK.check(Case.leaf("d", asked, x), GradientCheck.Mode.EVALUATION).ok()).isTrue();
    assertThat(training).containsOnly(false);
    training.clear();
    assertThat(CHECK.check(Case.leaf("d", asked, x), GradientCheck.Mode.TRAINING).ok()).isTrue();
    assertThat(training).containsOnly(true);
  }

  @Test
  void aBackwardThatWritesNothingIsWrongAndNotAnError() {
    LeafModule forgetful =
        new LeafModule() {
          @Override
          protected Tensor forward(Call call) {
            Tensor y = call.output(call.input(0).shape());
            call.kernels().copy(call.input(0), y, false);
            return y;
          }

          @Override
          protected void backward(Call call) {}
        };
    Tensor x = Tensor.of(new double[] {1, 2}, 1, 2);
    GradientCheck.Report report = CHECK.check(Case.leaf("forgetful", forgetful, x));
    assertThat(report.ok()).isFalse();
    assertThat(report.maximumRelativeError()).isEqualTo(1);
  }

  @Test
  void everyLeafModuleIsInTheList() {
    List<String> checked =
        GradientChecks.cases(SEED).stream()
            .map(c -> c.module().getClass().getName())
            .distinct()
            .collect(Collectors.toList());
    List<String> existing =
        new ClassFileImporter()
            .importPackages("org.wordmill.module").stream()
                .filter(type -> type.isAssignableTo(LeafModule.class))
                // Optional, so the list cannot know it; Dl4jLayerTest checks it.
                .filter(type -> !type.getPackageName().equals("org.wordmill.module.dl4j"))
                .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .map(type -> type.getName())
                .toList();
    assertThat(existing).hasSizeGreaterThan(12);
    assertThat(checked).containsAll(existing);
  }

  /** One wrong gradient of one module: a thousandth too large, or forgotten. */
  @TestFactory
  List<DynamicTest> everyWrongBackwardIsNoticed() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case c : GradientChecks.cases(SEED)) {
      if (!(c.module() instanceof LeafModule leaf) || hasNoGradient(c)) {
        continue;
      }
      for (double factor : new double[] {1.001, 0}) {
        for (int i = 0; i < c.inputs().size(); i++) {
          tests.add(fails(c, new WrongBackward(leaf, i, null, factor)));
        }
        for (Parameter parameter : leaf.parameters()) {
          tests.add(fails(c, new WrongBackward(leaf, -1, parameter, factor)));
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(50);
    return tests;
  }

  @Test
  void aGradientThatIsNotANumberIsNoticed() {
    Case c = GradientChecks.cases(SEED).get(0);
    LeafModule leaf = (LeafModule) c.module();
    Case wrong = Case.leaf(c.name(), new WrongBackward(leaf, 0, null, Double.NaN), inputs(c));
    GradientCheck.Report report = CHECK.check(wrong);
    assertThat(report.maximumRelativeError()).isInfinite();
    assertThat(report.ok()).isFalse();
  }

  /** The softmax of a single score is constant: its derivative is zero, however wrong backward. */
  private static boolean hasNoGradient(Case c) {
    return c.name().equals("Softmax of one");
  }

  private static DynamicTest fails(Case c, WrongBackward wrong) {
    Case perturbed =
        c.ids() == null
            ? Case.leaf(c.name(), wrong, inputs(c))
            : Case.leaf(c.name(), wrong, c.ids(), inputs(c));
    return DynamicTest.dynamicTest(
        c.name() + ", " + wrong,
        () -> {
          GradientCheck.Report report = CHECK.check(perturbed);
          assertThat(report.ok()).as(report.toString()).isFalse();
        });
  }

  private static Tensor[] inputs(Case c) {
    return c.inputs().toArray(Tensor[]::new);
  }

  /** A module whose backward multiplies one of its gradients by a factor too much. */
  private static final class WrongBackward extends LeafModule {
    private final LeafModule right;
    private final int input;
    private final @Nullable Parameter parameter;
    private final double factor;

    WrongBackward(LeafModule right, int input, @Nullable Parameter parameter, double factor) {
      this.right = right;
      this.input = input;
      this.parameter = parameter;
      this.factor = factor;
    }

    @Override
    public List<Parameter> parameters() {
      return right.parameters();
    }

    @Override
    protected Tensor forward(Call call) {
      return right.forward(call);
    }

    @Override
    protected void backward(Call call) {
      right.backward(call);
      Tensor wrong =
          parameter == null ? call.inputGradient(input).tensor() : call.gradient(parameter);
      call.kernels().scale(wrong, factor);
    }

    @Override
    public String toString() {
      return (parameter == null ? "input " + input : parameter.name()) + " times " + factor;
    }
  }
}
