"""Who buys in the pilot, and what they say afterwards. Names are common, streets invented, mailboxes reserved."""

FIRST = [
    "Nuria",
    "Carmen",
    "Javier",
    "Lucas",
    "Marta",
    "Iker",
    "Ainhoa",
    "Pablo",
    "Rocío",
    "Andrés",
    "Laia",
    "Joan",
    "Maite",
    "Sergio",
    "Elena",
    "Hugo",
    "Paula",
    "Tomás",
    "Irene",
    "Rubén",
    "Noelia",
    "Álvaro",
    "Sofía",
    "Miguel",
    "Berta",
    "Óscar",
    "Clara",
    "Diego",
    "Alba",
    "Mateo",
    "Teresa",
    "Gonzalo",
    "Lola",
    "Xavier",
    "Uxía",
    "Brais",
    "Ane",
    "Unai",
    "Vera",
    "Manuel",
]
LAST = [
    "Vidal",
    "Romero",
    "Ibáñez",
    "Soler",
    "Castaño",
    "Etxeberria",
    "Núñez",
    "Prieto",
    "Lozano",
    "Ferrer",
    "Aguirre",
    "Molina",
    "Pastor",
    "Rey",
    "Serrano",
    "Giménez",
    "Cano",
    "Otero",
    "Blanco",
    "Rovira",
    "Campos",
    "Durán",
    "Esteban",
    "Fuentes",
    "Galán",
    "Herrero",
    "Iglesias",
    "Luque",
    "Medina",
    "Navarro",
    "Ortega",
    "Peña",
    "Quesada",
    "Rivas",
    "Sanz",
    "Tejada",
]
GUESTS = [
    "Emily Hart",
    "James Whitlock",
    "Sophie Meyer",
    "Liam Doyle",
    "Hanna Lindqvist",
    "Oliver Grant",
    "Chloé Martin",
]
# city | postcode | weight
CITIES = """
Madrid|28004|9
Madrid|28013|7
Madrid|28039|5
Barcelona|08012|8
Barcelona|08025|5
València|46006|6
Sevilla|41003|5
Zaragoza|50006|4
Málaga|29012|4
Murcia|30004|3
Bilbao|48009|4
Valladolid|47002|3
Vigo|36202|3
A Coruña|15003|3
Granada|18002|3
Alacant|03001|3
Oviedo|33003|2
Donostia|20005|2
Pamplona|31001|2
Santander|39003|2
Córdoba|14002|2
Toledo|45001|2
Girona|17001|2
Cádiz|11003|2
Logroño|26001|1
Burgos|09003|1
Cáceres|10003|1
Albacete|02002|1
"""

STREET_NAMES = [
    "Calle del Molino", "Calle Nueva", "Calle de la Fuente", "Calle San Roque", "Avenida de la Libertad", "Paseo de los Tilos",
    "Calle Real", "Calle del Carmen", "Plaza del Mercado", "Calle de las Eras", "Ronda Norte", "Calle del Olmo", "Calle Huertas",
    "Travesía del Pozo", "Calle Mayor", "Camino Viejo",
]  # fmt: skip

# shelf | stars | language | text
REVIEWS = """
alimentacion|5|es|Repetimos desde hace un año. Llega bien protegido y con la fecha de la partida a la vista.
alimentacion|5|es|Lo puse en la mesa sin decir nada y preguntaron de dónde era. Buena señal.
alimentacion|5|es|Sabe a lo que dice la etiqueta. En casa ha durado cuatro días.
alimentacion|5|es|Lo compré por curiosidad y ya he pedido para mi madre.
alimentacion|5|en|Better than what I used to bring back in my suitcase. Well packed too.
alimentacion|5|en|Opened it for guests and none was left. Will order the large size.
alimentacion|5|es|El aroma al abrir ya lo dice todo. Volveré a pedir en cuanto se acabe.
alimentacion|4|es|Muy rico. Un poco justo de cantidad para el precio, pero se nota la calidad.
alimentacion|4|es|Sabor muy bueno; la caja venía algo golpeada, el contenido intacto.
alimentacion|4|en|Lovely flavour. I would have liked a resealable lid.
alimentacion|4|es|Bueno de verdad. Esperaba algo más de intensidad, será cuestión de gustos.
alimentacion|3|es|Correcto. Esperaba más después de leer la descripción.
alimentacion|3|en|Fine, though the supermarket version is close and cheaper.
alimentacion|2|es|Llegó dos días más tarde de lo dicho y era un regalo.
hogar|5|es|Más bonito al natural. La pieza pesa lo que tiene que pesar.
hogar|5|es|Se ve hecho a mano y eso era lo que buscaba. Encaja justo donde lo quería.
hogar|5|es|Embalaje impecable, ni un rasguño. La nota escrita a mano, un detalle.
hogar|5|en|It looks as if it had always been in the room. Careful packing.
hogar|5|en|Solid, quiet, well made. The colour is exactly as shown.
hogar|5|es|Tercera pieza que compro a esta casa y todas siguen como el primer día.
hogar|5|es|Lo uso a diario desde que llegó. No se me ocurre nada que cambiarle.
hogar|4|es|Muy buen acabado. El color es un punto más oscuro de lo que imaginaba.
hogar|4|es|Contenta. Tardó un día más, pero avisaron.
hogar|4|en|Beautiful piece; measure first, it is larger than it seems.
hogar|4|es|Bien rematado. Le faltan unas instrucciones de cuidado más claras.
hogar|3|es|Está bien, sin más. Por el precio esperaba un acabado más fino en la base.
hogar|3|en|Nice, but one edge was rough and I had to sand it.
hogar|2|es|Venía con una marca. Lo cambiaron sin problema, pero tuve que esperar otra semana.
moda|5|es|La talla es la de siempre y el tejido, mejor de lo esperado.
moda|5|es|Me lo he puesto tres veces esta semana. Cómodo desde el primer día.
moda|5|es|Costuras limpias por dentro y por fuera. Eso ya casi no se ve.
moda|5|en|True to size, and it washes well. I ordered a second colour.
moda|5|en|The leather smells like leather. Stitching is perfect.
moda|5|es|Regalo acertado: preguntó enseguida dónde lo había comprado.
moda|4|es|Bonito y bien hecho. Pedí una talla menos, como decían, y perfecto.
moda|4|es|Cede un poco con el uso, tal como avisan. Muy contento.
moda|4|en|Great quality, slightly stiff at first.
moda|4|es|El color me encanta. El envío fue puntual y la caja se reutiliza.
moda|3|es|Talla grande. Hice el cambio y fue rápido, pero tuve que hacerlo.
moda|3|en|Good material, the cut is not for me.
moda|2|es|Se soltó un hilo al segundo lavado. El vendedor respondió bien.
electronica|5|es|Suena muy por encima de lo que cuesta. Y llegó en el día prometido, con todo pagado.
electronica|5|es|Lo he comparado con el de marca que tengo y no echo de menos nada.
electronica|5|en|Arrived from Shenzhen in eight days with nothing to pay at the door.
electronica|5|es|Carga rápido y no se calienta. El cable es de los que duran.
electronica|5|en|Honest specs: the battery lasts what they say it lasts.
electronica|4|es|Buen producto; el manual en español tiene alguna frase rara.
electronica|4|es|Funciona de maravilla. La funda podría ser más rígida.
electronica|4|en|Works well. Setup took a second try.
electronica|4|es|Buena relación calidad-precio. Las instrucciones, escuetas.
electronica|3|es|Cumple. El acabado es algo más plástico de lo que parecía.
electronica|3|en|Does the job, but the app keeps asking for permissions.
electronica|2|es|Dejó de cargar a las tres semanas. Me devolvieron el dinero.
ocio|5|es|Lleva dos semanas sin salir del cuarto. Buena compra.
ocio|5|es|Madera de verdad, pintura que no salta. Para heredar.
ocio|5|es|Papel excelente y se abre plano. Voy por el segundo.
ocio|5|en|My niece carries it everywhere. Lovely finish.
ocio|5|en|Beautifully made; the paper takes ink without bleeding.
ocio|4|es|Muy bonito. Las piezas encajan justas, mejor con ayuda de un adulto.
ocio|4|es|Divertido y resistente. La caja llegó un poco aplastada.
ocio|4|en|Great idea, good quality, smallish.
ocio|3|es|Esperaba que fuera más grande; hay que mirar bien las medidas.
ocio|2|es|Faltaba una pieza. La mandaron a los cinco días.
aire-libre|5|es|La estrené en tres días de lluvia y dentro no entró una gota.
aire-libre|5|es|Cómoda, ligera y bien pensada. Los bolsillos están donde deben.
aire-libre|5|en|Took it up to the Picos and it did not complain once.
aire-libre|4|es|Muy buena. El color es más apagado que en el dibujo, a mí me gusta más.
aire-libre|4|en|Comfortable. Straps a little long for a short person.
aire-libre|3|es|Correcta para la ciudad; para el monte buscaría otra cosa.
belleza|5|es|Huele a limpio, no a perfume. La piel lo agradece.
belleza|5|es|Lo uso en casa y en el trabajo. Dura muchísimo.
belleza|5|en|Gentle, and the scent is not overwhelming.
belleza|4|es|Muy agradable. El envase gotea un poco si se tumba.
belleza|4|en|Lovely texture. Would buy a larger size.
belleza|3|es|Está bien, aunque el olor se va pronto.
"""
