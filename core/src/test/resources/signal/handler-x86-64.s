# The machine code of HandlerCode for x86-64; HandlerCodeTest assembles and compares it.
        .intel_syntax noprefix
        endbr64
        push    rbx
        movabs  r8, 0
        lock inc qword ptr [r8]
        mov     edi, edi
        mov     rbx, [r8+rdi*8+8]
next:   test    rbx, rbx
        jz      done
        mov     edi, [rbx+8]
        mov     edx, 128
        mov     eax, 1
        syscall
        test    rax, rax
        jns     told
        lock inc qword ptr [rbx+16]
told:   mov     rbx, [rbx]
        jmp     next
done:   lock dec qword ptr [r8]
        pop     rbx
        ret
