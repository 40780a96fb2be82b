package org.wordmill.trainer;

import java.util.List;
import java.util.Optional;

/**
 * Text to be prepared for training, as a user asks for it.
 *
 * @param input paths of the text: files, directories, globs
 * @param format of all files; when empty, each file's name tells its own
 * @param field which has the documents, where the format has fields
 * @param tokenization how text becomes ids; not of tagged sentences
 * @param separator behind each document; when empty, the line end of lines of text, and for rows
 *     {@link Separator#END_OF_TEXT} where the tokenizer has it, else the line end
 * @param seed draws the order of documents; when empty, they stay in the order of files and lines,
 *     and lines of text with line ends between them are taken as they are
 * @param output the folder to make
 * @param overwrite whether prepared text that is there may be replaced
 */
public record PreparationJob(
    List<String> input,
    Optional<TextFormat> format,
    String field,
    Tokenization tokenization,
    Optional<Separator> separator,
    Optional<Long> seed,
    String output,
    boolean overwrite) {

  public PreparationJob {
    input = List.copyOf(input);
  }
}
