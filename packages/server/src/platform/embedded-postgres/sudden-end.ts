/** What is left to do when the process ends without having stopped what it runs. */
const last = new Set<() => void>();

/** Has `work`, which waits for nothing, done when the process ends by `process.exit` or an error. What is returned calls it off. */
export function atSuddenEnd(work: () => void): () => void {
  if (last.size === 0) process.on('exit', doAll);
  last.add(work);
  return () => {
    if (last.delete(work) && last.size === 0) process.off('exit', doAll);
  };
}

function doAll(): void {
  for (const work of last) work();
}
