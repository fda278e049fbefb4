// npm run screenshots: a picture of every page, for people to look at. Nothing is tested.
import config from "./playwright.config.ts";

export default { ...config, testDir: "screenshots" };
