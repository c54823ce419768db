/** The end of a conversation, which stays in view while the conversation grows: for whoever was there, and for nobody else. */
import { useEffect, useRef } from 'react';

/** Heights are rounded. */
const CLOSE_PX = 2;

/** `sent`: how many messages were sent from here; whoever sends one wants to see what comes of it. */
export function End({ sent }: { readonly sent: number }) {
  const end = useRef<HTMLDivElement>(null);
  const stays = useRef(true);
  useEffect(() => {
    const conversation = end.current?.parentElement;
    if (!conversation) return undefined;
    let last = window.scrollY;
    const onScroll = (): void => {
      const left = document.documentElement.scrollHeight - window.innerHeight - window.scrollY;
      const isThere = left <= CLOSE_PX;
      // Only people go up. Who goes down without getting there may be this page, overtaken by what came meanwhile.
      if (isThere || window.scrollY < last) stays.current = isThere;
      last = window.scrollY;
    };
    const grown = new ResizeObserver(() => {
      if (stays.current) end.current?.scrollIntoView({ block: 'end' });
    });
    window.addEventListener('scroll', onScroll, { passive: true });
    grown.observe(conversation);
    return () => {
      window.removeEventListener('scroll', onScroll);
      grown.disconnect();
    };
  }, []);
  useEffect(() => {
    stays.current = true;
    end.current?.scrollIntoView({ block: 'end' });
  }, [sent]);
  return <div ref={end} />;
}
