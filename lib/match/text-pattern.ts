/** The old place of {@link foldCase}. */
export { foldCase } from './fold.js'
