/**
 * Binary files of KenLM ({@code build_binary}), read and not written, so that the models that
 * people have can be used as they are. What a back-off model is stands in {@code
 * org.wordmill.ngram}; our own tables are in {@code org.wordmill.format.ngramtable}.
 *
 * <p>The format, version 5, as 64-bit little-endian machines write it:
 *
 * <pre>
 * byte    0  "mmap lm http://kheafield.com/code format version 5\n", zeros
 *        56  floats 0, 1, -0.5; ints 1, -1, 0; long 1: spelled otherwise by other machines
 *        88  byte   N, the order
 *        92  float  m, the probing multiplier
 *        96  int    type: 0 probing, 1 probing with rest costs, 2 trie, 3 quantised trie,
 *                   4 trie with array pointers, 5 quantised trie with array pointers
 *       100  byte   1 if the words themselves stand at the end
 *       104  int    version of the structures: 0 probing, 1 trie
 *       108  long   number c_k of n-grams of order k = 1, 2, ..., N
 *            zeros to a multiple of 8
 *            words by their hashes
 *            n-grams
 *            words, by id, each with a zero behind it: "&lt;unk&gt;", ...
 * </pre>
 *
 * <p>A word's hash is the MurmurHash64A of its UTF-8 bytes with seed 0. The id of {@code <unk>} is
 * 0, and it is not among the hashes. A hash table of c entries has max(c + 1, trunc(m c)) slots,
 * the product being one of floats; an entry belongs at slot (key mod slots) or, where that is
 * taken, at the next free one; the key 0 is a free slot.
 *
 * <p>Probing files, V words with {@code <unk>}:
 *
 * <pre>
 * words      | int 0, version | int V | hash table of c_1 entries: | long hash | int id |
 * k = 1      c_1 + 1 times:              | float log10 p | float back-off |            by word id
 * 1 &lt; k &lt; N  hash table of c_k entries:  | long key | float log10 p | float back-off |
 * k = N      hash table of c_N entries:  | long key | float log10 p |
 *
 *            with rest costs there is one more float behind each back-off
 *
 * key of w_1 .. w_k:  key(w_k) = id of w_k
 *                     key(w_i .. w_k) = key(w_i+1 .. w_k) * 0x7C9BA2733B63F585
 *                                       xor (id of w_i + 1) * 0xF8574E1221634907
 * </pre>
 *
 * <p>A log-probability below order N has a plus sign where a longer n-gram ends in this one, else
 * its own minus sign. A back-off weight of minus zero says that no n-gram begins with this one.
 *
 * <p>Trie files, with c_1 counting {@code <unk>}; bits are packed from the lowest bit of a byte on;
 * bits(x) is how many it takes to write x:
 *
 * <pre>
 * words      | long V - 1 | c_1 longs: hashes in ascending order without signs, of ids 1, 2, ..
 * codes      | byte 2, version | byte bits of p | byte bits of back-off | zeros to 8 |      if
 *            | for each k = 2 .. N-1: floats of p, floats of back-off | floats of p |   quantised
 * k = 1      c_1 + 2 times:  | float log10 p | float back-off | long pointer |         by word id
 * 1 &lt; k &lt; N  c_k + 1 times:  | word: bits(c_1) | weights | pointer: bits(c_k+1) |
 * k = N      c_N + 1 times:  | word: bits(c_1) | weights |
 *
 *            each of these orders in whole bytes and 8 more
 *
 * weights    | log10 p without its sign: 31 | back-off: 32 |    of order N  | log10 p: 31 |
 * quantised  | code of back-off | code of p |                   of order N  | code of p |
 *
 *   dog            words before "dog"         words before "the dog"
 *   +---+-----+    +-----+---+-------+        +------+---+-------+
 *   | p | *---+--&gt; | a   | p | ..    |   +--&gt; | when | p | ..    |
 *   +---+-----+    | the | p | *-----+---+    | with | p | ..    |
 *   | p | *---+--&gt; +-----+---+-------+        +------+---+-------+
 *   +---+-----+    its end, where those before the next word begin
 * </pre>
 *
 * <p>Array pointers keep the low bits of a pointer in its entry only. Before the entries of each
 * order between 1 and N stands an array, with room to bring it to a multiple of 8 bytes of the
 * file:
 *
 * <pre>
 * | byte 0, version | byte a, the most high bits to cut off | zeros to 8 |
 * | long 0 | .. | long, for each next value of the high bits: the first entry that has it |
 * | the rest of the 7 bytes of room |
 * </pre>
 *
 * <p>As many bits are cut off, h of 0 .. min(a, bits(c_k+1)), as make (c_k+1 &gt;&gt; bits(c_k+1) -
 * h) * 64 - h (c_k + 1) smallest, the fewest of equal ones.
 *
 * <p>There are no checksums. What the lengths do not show is not checked when a file is opened.
 */
@NullMarked
package org.wordmill.format.kenlm;

import org.jspecify.annotations.NullMarked;
