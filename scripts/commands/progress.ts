/** Work that takes less is over before a person has read the line. */
const patience = 500;

/**
 * Runs work while a terminal shows what is going on; `tell` changes the text. Writes to standard
 * error, and nothing at all where that is no terminal.
 */
export async function withProgress<Result>(
  text: string,
  work: (tell: (text: string) => void) => Promise<Result>,
): Promise<Result> {
  const { stderr } = process;
  if (!stderr.isTTY) return await work(() => {});
  let current = text;
  let shown = false;
  const show = () => {
    shown = true;
    stderr.write(`\r\x1b[K${current}`);
  };
  const timer = setTimeout(show, patience);
  try {
    return await work((next) => {
      current = next;
      if (shown) show();
    });
  } finally {
    clearTimeout(timer);
    if (shown) stderr.write("\r\x1b[K");
  }
}
