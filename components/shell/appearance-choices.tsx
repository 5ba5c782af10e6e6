"use client";
import { DensityChoice, ThemeChoice } from "./appearance-choice.tsx";
import styles from "./navigation.module.css";

/** Theme and density in the account menu. */
export default function AppearanceChoices() {
  return (
    <div className={styles.choices}>
      <span className={styles.choiceLabel}>Theme</span>
      <ThemeChoice />
      <span className={styles.choiceLabel}>Density</span>
      <DensityChoice />
    </div>
  );
}
