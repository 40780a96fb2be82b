/**
 * From characters to token ids and back: tokenizers, vocabularies, reserved tokens, and what
 * happens to malformed input. This package knows no models.
 */
@NullMarked
package org.wordmill.text;

import org.jspecify.annotations.NullMarked;
