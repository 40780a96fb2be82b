/**
 * The lecture's methods written out for reading: backward by hand, derivatives on a graph of
 * numbers, a network whose depth its input decides. Tests hold the modules to them; no model is
 * trained with them.
 */
@NullMarked
package org.wordmill.lecture;

import org.jspecify.annotations.NullMarked;
