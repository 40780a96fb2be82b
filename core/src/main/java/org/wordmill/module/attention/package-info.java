/**
 * Attention: the causal attention core, multi-head attention around it, and the Transformer block
 * made of them. Whole models do not belong here.
 */
@NullMarked
package org.wordmill.module.attention;

import org.jspecify.annotations.NullMarked;
