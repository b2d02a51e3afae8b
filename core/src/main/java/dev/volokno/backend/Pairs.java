package dev.volokno.backend;

import java.util.Arrays;

/** A list of pairs of numbers, which allocates nothing once it is as long as it gets. */
final class Pairs {
    private static final int INITIAL = 8;

    private int[] numbers = new int[2 * INITIAL];
    private int size;

    void add(int first, int second) {
        if (2 * size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * numbers.length);
        }
        numbers[2 * size] = first;
        numbers[2 * size + 1] = second;
        size++;
    }

    int first(int index) {
        return numbers[2 * index];
    }

    int second(int index) {
        return numbers[2 * index + 1];
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void clear() {
        size = 0;
    }
}
