/**
 * The layers, one class each, with the forward and the backward formula side by side. Neither
 * models nor training belong here.
 */
@NullMarked
package org.wordmill.module;

import org.jspecify.annotations.NullMarked;
