// The bot's rules as people write them: words on lines, groups of words with commas between. Pure.

/** Groups of words that mean the same; a line with one word says nothing. */
export function groupsOf(text: string): string[][] {
  return linesOf(text)
    .map((line) => [...new Set(line.split(/[,，、;；]/).map((word) => word.trim()).filter(Boolean))])
    .filter((group) => group.length > 1);
}

export function textOfGroups(groups: string[][]): string {
  // The mark that the words of this line are used to.
  return groups.map((group) => group.join(/\p{Script=Han}/u.test(group.join('')) ? '，' : ', ')).join('\n');
}

export function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean);
}

export function threshold(thousandths: number): 'low' | 'middle' | 'high' {
  return thousandths < 200 ? 'low' : thousandths < 500 ? 'middle' : 'high';
}
