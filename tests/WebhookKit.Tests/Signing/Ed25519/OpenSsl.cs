using System.Runtime.InteropServices;

namespace WebhookKit.Tests.Signing.Ed25519;

/// <summary>Ed25519 of the OpenSSL that the framework itself needs on Linux.</summary>
internal static class OpenSsl
{
    private const string Library = "libcrypto";
    private const int Ed25519 = 1087;

    static OpenSsl() => NativeLibrary.SetDllImportResolver(typeof(OpenSsl).Assembly, (name, assembly, _) =>
    {
        foreach (var file in name == Library ? ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so"] : Array.Empty<string>())
        {
            if (NativeLibrary.TryLoad(file, assembly, null, out var handle))
            {
                return handle;
            }
        }

        return IntPtr.Zero;
    });

    public static byte[] PublicKeyOf(byte[] seed)
    {
        var key = PrivateKey(seed);
        var bytes = new byte[32];
        nuint length = 32;
        Check(EVP_PKEY_get_raw_public_key(key, bytes, ref length));
        EVP_PKEY_free(key);
        return bytes;
    }

    public static byte[] Sign(byte[] seed, byte[] message)
    {
        var key = PrivateKey(seed);
        var context = EVP_MD_CTX_new();
        var signature = new byte[64];
        nuint length = 64;
        Check(EVP_DigestSignInit(context, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, key));
        Check(EVP_DigestSign(context, signature, ref length, message, (nuint)message.Length));
        EVP_MD_CTX_free(context);
        EVP_PKEY_free(key);
        return signature;
    }

    public static bool Verify(byte[] publicKey, byte[] message, byte[] signature)
    {
        var key = EVP_PKEY_new_raw_public_key(Ed25519, IntPtr.Zero, publicKey, (nuint)publicKey.Length);
        if (key == IntPtr.Zero)
        {
            return false;
        }

        var context = EVP_MD_CTX_new();
        Check(EVP_DigestVerifyInit(context, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, key));
        var verified = EVP_DigestVerify(context, signature, (nuint)signature.Length, message, (nuint)message.Length) == 1;
        EVP_MD_CTX_free(context);
        EVP_PKEY_free(key);
        return verified;
    }

    private static IntPtr PrivateKey(byte[] seed)
    {
        var key = EVP_PKEY_new_raw_private_key(Ed25519, IntPtr.Zero, seed, (nuint)seed.Length);
        Assert.NotEqual(IntPtr.Zero, key);
        return key;
    }

    private static void Check(int result) => Assert.Equal(1, result);

    [DllImport(Library)]
    private static extern IntPtr EVP_PKEY_new_raw_private_key(int type, IntPtr engine, byte[] key, nuint length);

    [DllImport(Library)]
    private static extern IntPtr EVP_PKEY_new_raw_public_key(int type, IntPtr engine, byte[] key, nuint length);

    [DllImport(Library)]
    private static extern int EVP_PKEY_get_raw_public_key(IntPtr key, byte[] bytes, ref nuint length);

    [DllImport(Library)]
    private static extern void EVP_PKEY_free(IntPtr key);

    [DllImport(Library)]
    private static extern IntPtr EVP_MD_CTX_new();

    [DllImport(Library)]
    private static extern void EVP_MD_CTX_free(IntPtr context);

    [DllImport(Library)]
    private static extern int EVP_DigestSignInit(IntPtr context, IntPtr keyContext, IntPtr digest, IntPtr engine, IntPtr key);

    [DllImport(Library)]
    private static extern int EVP_DigestSign(IntPtr context, byte[] signature, ref nuint length, byte[] message, nuint messageLength);

    [DllImport(Library)]
    private static extern int EVP_DigestVerifyInit(IntPtr context, IntPtr keyContext, IntPtr digest, IntPtr engine, IntPtr key);

    [DllImport(Library)]
    private static extern int EVP_DigestVerify(IntPtr context, byte[] signature, nuint length, byte[] message, nuint messageLength);
}
