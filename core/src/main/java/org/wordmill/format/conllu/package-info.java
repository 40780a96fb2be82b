/**
 * Sentences with an analysis of every word, as the treebanks of Universal Dependencies keep them.
 * What is done with the analyses does not belong here.
 */
@NullMarked
package org.wordmill.format.conllu;

import org.jspecify.annotations.NullMarked;
