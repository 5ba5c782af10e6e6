// Types of CSS modules and assets, for a type check that runs before the first build.
/// <reference types="next" />
/// <reference types="next/image-types/global" />
