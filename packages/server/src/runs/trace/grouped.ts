/** Items that belong together. */

/** By their keys, in their order; those without a key are left out. */
export function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key | undefined): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = key === undefined ? [] : groups.get(key);
    if (known !== undefined) known.push(item);
    else if (key !== undefined) groups.set(key, [item]);
  }
  return groups;
}
