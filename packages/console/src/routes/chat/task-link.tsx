/** From a conversation to the page of a task. */
import { Link } from '@tanstack/react-router';
import { texts } from '../../texts.js';

export function TaskLink({ id }: { readonly id: string }) {
  return (
    <Link to="/tasks/$id" params={{ id }} className="quiet-link">
      {texts.chat.task}
    </Link>
  );
}
