/**
 * Layers of windows that slide over sequences, images and volumes: convolution and max pooling.
 * Whole models do not belong here.
 */
@NullMarked
package org.wordmill.module.convolution;

import org.jspecify.annotations.NullMarked;
