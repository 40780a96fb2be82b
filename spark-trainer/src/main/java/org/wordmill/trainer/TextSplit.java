package org.wordmill.trainer;

import java.io.Serializable;

/**
 * What one task encodes: the lines of a file whose first byte lies in [start, start + length). A
 * compressed file is one split, whole.
 *
 * @param path the file, as a URI that Hadoop understands
 * @param length bytes in the file as stored
 */
record TextSplit(String path, long start, long length, boolean compressed)
    implements Serializable {}
