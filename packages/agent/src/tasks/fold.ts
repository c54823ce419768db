/** The fold of a task's log. It is the client's: whoever reads the log puts the same task together (`@continuo/client/fold`). */
export {
  foldArtifacts,
  goesOn,
  headAfter,
  heldStage,
  howFarAfter,
  JoinedParts,
  joinParts,
  JUST_OPENED,
  LogFold,
  shownProgress,
  type FoldedPart,
  type Held,
  type HowFar,
} from '@continuo/client/fold';
