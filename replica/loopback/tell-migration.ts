/**
 * Says in a line how far data of an earlier version has been brought to this one, at each tenth: with a million entries
 * that takes a minute, in which nothing else is to be seen. What is over before the first tenth is not worth a word.
 */
export function tellMigration(
  print: (line: string) => void,
): (progress: { readonly done: number; readonly total: number }) => void {
  let saidTenth = 0;
  return ({ done, total }) => {
    const tenth = Math.floor((done * 10) / total);
    if (tenth <= saidTenth || (saidTenth === 0 && done === total)) return;
    saidTenth = tenth;
    print(`Bringing your data to the format of this version: ${tenth * 10} %.`);
  };
}
