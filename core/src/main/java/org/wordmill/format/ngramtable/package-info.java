/**
 * N-gram models as memory-mapped tables: the file format, writing and querying. What a back-off
 * model is stands in {@code org.wordmill.ngram}; the ARPA text in {@code org.wordmill.format.arpa}.
 *
 * <p>The format, little-endian, version 1:
 *
 * <pre>
 * byte      0  "wordmill ngrams\n"
 *          16  int   version, 0 while the table is being written
 *          20  int   the mark of a complete table, 0 while it is being written
 *          24  int   layout: 0 probing, 1 compact
 *          28  int   N, the order
 *          32  int   1: an n-gram's last words are always an n-gram too; 2: quantised
 *          36  int   S, the number of sections
 *          40  long  length of the file
 *          48  long  number of n-grams of order 1, 2, ..., 32
 *         304  S times: int id, int CRC-32C, long offset, long length
 *        4092  int   CRC-32C of the bytes before
 *        4096  the sections, each at a multiple of 64 and followed by at least 8 bytes
 * </pre>
 *
 * <p>Sections of both layouts, V words:
 *
 * <pre>
 * 0x100  V ints: where each word's bytes end
 * 0x200  the words in UTF-8, by id, nothing between them
 * 0x300  hash table of longs with linear probing: (id + 1) &lt;&lt; 32 | hash of the word; 0 is free
 * </pre>
 *
 * <p>The probing layout has one section {@code 0x400 + k} for each order k:
 *
 * <pre>
 * k = 1        16 bytes each:  | float log10 p | float back-off | long range |      entry = word id
 * 1 &lt; k &lt; N    20 bytes each:  | int word + 1 | float log10 p | float back-off | long range |
 * k = N         8 bytes each:  | int word + 1 | float log10 p |
 *
 * range: | first slot in the section of order k + 1: 38 bits | slots: 26 bits |
 *
 *   the dog        range of "the dog"          the slots of "the dog" in order 3
 *   +------+-----+---------+-------+           +---------+------+----+---------+
 *   | dog+1|  p  | backoff | *-----+---------&gt; | barks+1 | free | .. | sleeps+1|
 *   +------+-----+---------+-------+           +---------+------+----+---------+
 * </pre>
 *
 * The slots of a context are a hash table with linear probing, a word's first slot being the upper
 * half of (word * 0x9E3779B9 mod 2^32) * slots. They are also the list of what may follow, from
 * which next-word distributions are made.
 *
 * <p>The compact layout is a trie: the n-grams of each order sorted by their word ids, so that the
 * successors of entry i of order k are those of order k + 1 from number i to number i + 1 of an
 * ascending list. Bits are packed from the lowest bit of a byte on; w = bits of V - 1, l =
 * floor(log2 (n-grams of order k + 1 / (n-grams of order k + 1))), at least 0.
 *
 * <pre>
 * 0x400 + k  k = 1      8 bytes each:  | float log10 p | float back-off |           entry = word id
 *            1 &lt; k &lt; N  packed bits:   | word: w | log10 p: 32 or 8 | back-off: 32 or 8 |
 *            k = N      packed bits:   | word: w | log10 p: 32 or 8 |
 * 0x500 + k  k &lt; N      the low l bits of each number of the ascending list
 * 0x600 + k  k &lt; N      its high bits in unary: number i has a one at bit (number &gt;&gt; l) + i
 * 0x700 + k  k &lt; N      longs: the places of the ones of numbers 0, 64, 128, ...
 * 0x800 + k  k &gt; 1, quantised: 256 floats that codes of log10 p stand for, 256 of back-offs
 * </pre>
 *
 * <p>Opening a table reads its header and the little that is needed to find the reserved words; the
 * checksums of the sections are compared by {@link
 * org.wordmill.format.ngramtable.NgramTable#verify} only, because that reads the whole file.
 * Padding between sections is not covered. A damaged table that is not verified may give other
 * numbers, or a fault that says so; queries always end.
 */
@NullMarked
package org.wordmill.format.ngramtable;

import org.jspecify.annotations.NullMarked;
