/**
 * React holds back what streams in after the first paint until 300 ms have passed since then, so that several parts
 * appear together. A page here has one part, its facts, and they follow the frame within milliseconds: they are shown
 * with the next frame. React keeps the time of the first paint in `$RT` and waits only when there is one
 * (decision 41); without that name nothing changes but the wait. The script runs before anything that could take
 * the name; should it be taken one day, the browser's console says so and the page is as it was.
 */
const SCRIPT = `Object.defineProperty(window,"$RT",{get:function(){},set:function(){}})`;

/** Belongs into <head>; carries the request's nonce. */
export function RevealScript({ nonce }: { nonce: string }) {
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: SCRIPT }} />;
}
