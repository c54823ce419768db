/** The end of a conversation, which stays in view while the conversation grows: for whoever was there, and for nobody else. */
import { useEffect, useRef } from 'react';

/** Higher up than this many pixels, somebody reads. */
const NEAR_PX = 8;

/** `said`: the number of the newest message of the user, who wants to see what comes of it. */
export function End({ said }: { readonly said: number | undefined }) {
  const end = useRef<HTMLDivElement>(null);
  const inView = useRef(true);
  useEffect(() => {
    const mark = end.current;
    const conversation = mark?.parentElement;
    if (mark === null || !conversation) return undefined;
    const viewed = new IntersectionObserver(
      ([entry]) => {
        if (entry !== undefined) inView.current = entry.isIntersecting;
      },
      { rootMargin: `0px 0px ${NEAR_PX}px 0px` },
    );
    // In a frame it comes before the other one, which therefore sees what is true after the scrolling.
    const grown = new ResizeObserver(() => {
      if (inView.current) mark.scrollIntoView({ block: 'end' });
    });
    viewed.observe(mark);
    grown.observe(conversation);
    return () => {
      viewed.disconnect();
      grown.disconnect();
    };
  }, []);
  useEffect(() => {
    inView.current = true;
    end.current?.scrollIntoView({ block: 'end' });
  }, [said]);
  return <div ref={end} />;
}
