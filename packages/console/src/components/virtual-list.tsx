/** A list of which only the entries in view exist, each as high as what is in it. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type Key, type ReactNode } from 'react';

interface VirtualListProps {
  readonly label: string;
  readonly count: number;
  /** How high an entry is, about. */
  readonly rowPx: number;
  readonly mostPx: number;
  readonly keyOf: (index: number) => Key;
  readonly children: (index: number) => ReactNode;
  readonly className: string;
  /** Stays at the end while it grows. */
  readonly follow?: boolean;
}

export function VirtualList({
  label,
  count,
  rowPx,
  mostPx,
  keyOf,
  children,
  className,
  follow = false,
}: VirtualListProps) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    getItemKey: keyOf,
    overscan: 10,
  });
  useEffect(() => {
    if (follow && count > 0) rows.scrollToIndex(count - 1);
  }, [follow, count, rows]);
  return (
    <div
      ref={box}
      role="list"
      aria-label={label}
      tabIndex={0}
      style={{ overflow: 'auto', height: Math.min(rows.getTotalSize() + 12, mostPx) }}
    >
      <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, key, start }) => (
          <div
            key={key}
            role="listitem"
            ref={rows.measureElement}
            data-index={index}
            className={className}
            style={{ position: 'absolute', top: 0, left: 0, right: 0, transform: `translateY(${start}px)` }}
          >
            {children(index)}
          </div>
        ))}
      </div>
    </div>
  );
}
