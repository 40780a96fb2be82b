/**
 * Images of digits that a seeded generator draws, and a small convolutional network that learns to
 * read them: the lecture's classifier of images. Nothing of it is about language.
 */
@NullMarked
package org.wordmill.model.glyph;

import org.jspecify.annotations.NullMarked;
