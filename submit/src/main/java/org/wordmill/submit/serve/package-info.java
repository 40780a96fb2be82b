/**
 * Models behind HTTP: completions, scores and next tokens as JSON, and a page that shows them, on
 * the JDK's own server. What a model is and how it is opened belongs elsewhere.
 */
@NullMarked
package org.wordmill.submit.serve;

import org.jspecify.annotations.NullMarked;
