// The machine code of HandlerCode for aarch64; HandlerCodeTest assembles and compares it.
        hint    #34
        ldr     x9, block
enter:  ldaxr   x10, [x9]
        add     x10, x10, #1
        stlxr   w11, x10, [x9]
        cbnz    w11, enter
        dmb     ish
        add     x12, x9, w0, uxtw #3
        ldr     x12, [x12, #8]
next:   cbz     x12, done
        ldr     w0, [x12, #8]
        mov     x2, #128
        mov     x8, #64
        svc     #0
        tbz     x0, #63, told
        add     x13, x12, #16
count:  ldaxr   x10, [x13]
        add     x10, x10, #1
        stlxr   w11, x10, [x13]
        cbnz    w11, count
told:   ldr     x12, [x12]
        b       next
done:   ldaxr   x10, [x9]
        sub     x10, x10, #1
        stlxr   w11, x10, [x9]
        cbnz    w11, done
        ret
        nop
block:  .quad   0
