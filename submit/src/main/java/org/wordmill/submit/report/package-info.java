/**
 * The report of a run as one HTML page that needs nothing else: no script, no network, pictures as
 * inline SVG. What is measured belongs elsewhere; here it is only shown.
 */
@NullMarked
package org.wordmill.submit.report;

import org.jspecify.annotations.NullMarked;
