"use client";
import NextLink from "next/link";
import { useState, type ComponentProps } from "react";

/**
 * A link inside the console. What it leads to is fetched ahead when it is pointed at or focused, not when it comes into
 * view: a page has dozens of links, and asking for all of them keeps browser and server from what is being looked at.
 * `prefetch={false}` is for links of long lists, which are crossed by the pointer all the time.
 */
export function Link({ prefetch, onPointerEnter, onFocus, ...props }: ComponentProps<typeof NextLink>) {
  const [isMeant, setMeant] = useState(false);
  return (
    <NextLink
      {...props}
      prefetch={isMeant ? prefetch : false}
      onPointerEnter={(event) => {
        setMeant(true);
        onPointerEnter?.(event);
      }}
      onFocus={(event) => {
        setMeant(true);
        onFocus?.(event);
      }}
    />
  );
}
