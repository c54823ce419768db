/** The end of a conversation, which stays in view while the conversation grows: for whoever was there, and for nobody else. */
import { ActionIcon } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { texts } from '../../texts.js';

/** Heights are rounded. */
const CLOSE_PX = 2;
/** So far away the end is worth a button. */
const FAR_PX = 240;

/** `sent`: how many messages were sent from here; whoever sends one wants to see what comes of it. */
export function End({ sent }: { readonly sent: number }) {
  const end = useRef<HTMLDivElement>(null);
  const stays = useRef(true);
  const [far, setFar] = useState(false);
  useEffect(() => {
    const conversation = end.current?.parentElement;
    if (!conversation) return undefined;
    let last = window.scrollY;
    const onScroll = (): void => {
      const left = document.documentElement.scrollHeight - window.innerHeight - window.scrollY;
      const isThere = left <= CLOSE_PX;
      setFar(left > FAR_PX);
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
  const goThere = useCallback((): void => {
    stays.current = true;
    end.current?.scrollIntoView({ block: 'end' });
  }, []);
  useEffect(goThere, [sent, goThere]);
  return (
    <>
      {far ? (
        <div className="to-latest">
          <ActionIcon variant="default" radius="xl" size="lg" aria-label={texts.chat.toLatest} onClick={goThere}>
            <IconArrowDown size={18} />
          </ActionIcon>
        </div>
      ) : null}
      <div ref={end} />
    </>
  );
}
