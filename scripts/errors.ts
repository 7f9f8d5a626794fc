/**
 * The work could not be done: wrong arguments, a missing tool, an unreadable repository.
 * One sentence that names both sides and the way out; the entry prints it and exits with 2.
 * What is wrong with the repository itself is a `Finding`, never an exception.
 */
export class SlipwayError extends Error {
  override readonly name = "SlipwayError";
}
