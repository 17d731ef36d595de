"""Articles of the food sellers. `~` is a series (name, what is special); `-` an article, once per series named."""

ARTICLES = """
== almazara-valdehondo
~ picual | Picual | Picual | La Picual de sierra pica al final y sabe a tomatera. | Mountain Picual finishes peppery and smells of tomato leaf.
~ arbequina | Arbequina | Arbequina | La Arbequina es dulce, con almendra y manzana madura. | Arbequina is sweet, with almond and ripe apple.
~ hojiblanca | Hojiblanca | Hojiblanca | La Hojiblanca recuerda a hierba recién cortada y alcachofa. | Hojiblanca recalls cut grass and artichoke.
~ cornicabra | Cornicabra | Cornicabra | La Cornicabra da un aceite untuoso, de amargor medio. | Cornicabra gives an unctuous oil of medium bitterness.
~ royal | Royal | Royal | La Royal casi se perdió: quedan unos pocos olivares en la sierra. | Royal was nearly lost: only a few groves are left in the sierra.
~ temprano | Cosecha Temprana | Early Harvest | De aceituna verde de octubre, con el doble de aceituna por litro. | Green olives of October, twice the fruit per litre.
- aove | Aceite de oliva virgen extra {s} | {s} extra virgin olive oil | 12.90 | Botella de vidrio oscuro de nuestra propia finca, en la ladera norte de Sierra Mágina. | Dark glass, from our own groves on the north slope of Sierra Mágina. | picual arbequina hojiblanca cornicabra royal temprano
- aove_lata | Lata de aceite virgen extra {s} | {s} extra virgin olive oil in a tin | 17.50 | La lata protege de la luz y cabe en la puerta del armario; es la que usamos en casa. | The tin keeps the light out and fits the cupboard door; it is the one we use at home. | picual arbequina hojiblanca cornicabra temprano
- aove_sabor | Aceite de oliva con limón | Olive oil with lemon | 9.50 | Limones de la vega molidos con la última aceituna de noviembre. | Valley lemons milled with the last olives of November. | -
- aove_sabor | Aceite de oliva con romero | Olive oil with rosemary | 9.50 | Romero cortado en flor detrás de la almazara. | Rosemary cut in flower behind the mill. | -
- aove_sabor | Aceite de oliva con guindilla | Olive oil with chilli | 9.50 | Pica de verdad: dos gotas sobre una pizza y ya se nota. | Properly hot: two drops on a pizza are enough. | -
- aove_sabor | Aceite de oliva ahumado con encina | Oak-smoked olive oil | 11.90 | Ahumado en frío con leña de encina durante seis horas. | Cold smoked over holm oak for six hours. | -
- aove_sabor | Aceite de oliva con trufa negra | Olive oil with black truffle | 14.90 | Con virutas de trufa de Sarrión, no con aroma de laboratorio. | With shavings of Sarrión truffle, not laboratory aroma. | -
- aceitunas | Aceitunas Picual aliñadas al tomillo | Picual olives with thyme | 6.40 | Rajadas a mano y aliñadas con tomillo, ajo y cáscara de naranja. | Cracked by hand and dressed with thyme, garlic and orange peel. | -
- aceitunas | Aceitunas Cornezuelo enteras | Whole Cornezuelo olives | 6.20 | Pequeñas, puntiagudas y firmes: la tapa de los domingos en Jaén. | Small, pointed and firm: Sunday tapas in Jaén. | -
- aceitunas | Paté de aceituna negra | Black olive spread | 5.80 | Aceituna negra, alcaparra y anchoa, para untar en pan tostado. | Black olives, capers and anchovy, for toast. | -
- verdura | Tomate seco en virgen extra | Sun-dried tomato in extra virgin oil | 7.20 | Tomate secado al sol de agosto y cubierto con nuestro Arbequina. | Tomato dried in the August sun and covered with our Arbequina. | -
- verdura | Alcachofas en virgen extra | Artichokes in extra virgin oil | 8.40 | Corazones pequeños, cortados por la mitad y sin hebras. | Small hearts, halved, without strings. | -
- vinagre | Vinagre de Pedro Ximénez | Pedro Ximénez vinegar | 8.90 | Dulce y denso, de una bodega amiga de Montilla. | Sweet and dense, from a friendly cellar in Montilla. | -
- lote | Caja de cata de la almazara | The mill's tasting box | 49.00 | Tres aceites, dos copas azules de cata y un cuaderno para anotar lo que se huele. | Three oils, two blue tasting glasses and a notebook for what you smell. | -
- jabon | Jabón de aceite de orujo | Olive pomace soap | 4.90 | El jabón que hacía la abuela con el aceite de los fondos. | The soap grandmother made from the oil at the bottom of the vat. | -
== conservas-ria-clara
~ oliva | en aceite de oliva | in olive oil | Cubiertas con aceite de oliva suave, que deja hablar al pescado. | Covered with a mild olive oil that lets the fish speak.
~ escabeche | en escabeche | in escabeche | El escabeche se hace a diario con vinagre de vino, laurel y pimentón. | The escabeche is made daily with wine vinegar, bay and paprika.
~ picante | picantes | with chilli | Con una guindilla entera en cada lata. | With a whole chilli in every tin.
- pescado | Sardinillas {s} | Small sardines {s} | 4.60 | Entre 16 y 20 piezas, pescadas de noche en la ría y asadas antes de enlatar. | Sixteen to twenty pieces, caught at night in the ría and grilled before packing. | oliva escabeche picante
- atun | Bonito del norte {s} | White tuna {s} | 6.80 | Bonito de la costera, capturado con caña de uno en uno. | Line-caught in the summer season, one by one. | oliva escabeche
- atun | Ventresca de bonito {s} | White tuna belly {s} | 11.50 | Las láminas se separan solas, como las páginas de un libro. | The flakes part by themselves, like the pages of a book. | oliva
- atun | Ijada de atún rojo | Red tuna belly | 14.90 | De almadraba, sobada a mano y con seis meses de reposo. | From the trap fishery, hand-packed and rested for six months. | -
- anchoa | Anchoas del Cantábrico 00 | Cantabrian anchovies 00 | 13.90 | Sobadas una a una con tela de red, después de diez meses en salazón. | Trimmed one by one with netting after ten months in salt. | -
- anchoa | Anchoas ahumadas con haya | Beech-smoked anchovies | 14.50 | El humo es frío y breve: manda la anchoa. | Cold, short smoke: the anchovy leads. | -
- anchoa | Boquerones en vinagre | Anchovies in vinegar | 7.90 | Blancos, firmes y con el ajo contado. | White, firm, and easy on the garlic. | -
- marisco | Mejillones {s} | Mussels {s} | 6.20 | De batea propia, ocho a doce piezas por lata. | From our own rafts, eight to twelve a tin. | escabeche picante
- marisco | Berberechos al natural | Cockles in brine | 12.80 | De Noia, lavados tres veces para que no crujan. | From Noia, washed three times so that they do not crunch. | -
- marisco | Navajas al natural | Razor clams in brine | 13.40 | De buceador, colocadas a mano en su lata larga. | Dived for, laid by hand in their long tin. | -
- marisco | Zamburiñas en salsa de vieira | Scallops in vieira sauce | 8.70 | Con cebolla pochada y un punto de pimentón. | With slow-cooked onion and a touch of paprika. | -
- marisco | Pulpo {s} | Octopus {s} | 9.80 | Rodajas de pulpo de la ría, cocido como en la feria. | Slices of ría octopus, cooked as at the fair. | oliva
- marisco | Almejas blancas al natural | White clams in brine | 10.60 | Grandes y carnosas, con su agua, que es media salsa. | Large and meaty in their own water, which is half a sauce. | -
- pescado | Caballa del sur {s} | Mackerel {s} | 4.20 | Filetes pelados a mano, sin un golpe de vapor de más. | Fillets skinned by hand, without a puff of steam too much. | oliva
- pescado | Agujas {s} | Garfish {s} | 5.10 | Un pescado fino y olvidado que vuelve en septiembre. | A fine, forgotten fish that comes back in September. | oliva
- pescado | Paté de sardina y algas | Sardine and seaweed spread | 4.80 | Con wakame de la ría y unas gotas de limón. | With wakame from the ría and a few drops of lemon. | -
- verdura | Pimientos del piquillo asados | Fire-roasted piquillo peppers | 6.90 | Asados con leña y pelados sin agua. | Roasted over wood and peeled without water. | -
- verdura | Grelos cocidos | Turnip greens | 4.40 | Para el caldo o junto a unas patatas con chorizo. | For broth, or next to potatoes and chorizo. | -
- lote | Caja Ría: doce latas | Ría box: twelve tins | 79.00 | Una de cada, con una carta de la ría que dice dónde se pescó. | One of each, with a chart of the ría showing where it was caught. | -
== quesos-la-majada
~ tierno | semicurado | semi-cured | Tres meses de cueva: suave, con sabor a leche y avellana. | Three months in the cave: mild, milk and hazelnut.
~ curado | curado | cured | Siete meses: cristales pequeños y un final largo. | Seven months: small crystals and a long finish.
~ viejo | viejo | aged | Catorce meses: se desmiga y pide vino. | Fourteen months: it crumbles and asks for wine.
- queso | Queso de oveja {s} | Sheep's cheese {s} | 21.50 | De leche cruda de nuestro rebaño de oveja manchega, con la flor marcada del esparto. | From the raw milk of our own Manchega flock, with the esparto braid on the rind. | tierno curado viejo
- queso | Queso de oveja al romero {s} | Sheep's cheese with rosemary {s} | 23.90 | Reposa bajo manteca y romero, que le dejan la corteza verde. | Rests under lard and rosemary, which turn the rind green. | curado viejo
- queso | Queso de cabra {s} | Goat's cheese {s} | 20.90 | Cabra verata de monte, pasta blanca y corteza de pimentón. | From Verata goats on scrubland, a white paste with a paprika rind. | tierno curado
- queso | Queso azul de oveja | Blue sheep's cheese | 24.50 | Cremoso, con vetas finas; el más joven de la casa. | Creamy with fine veins; the youngest in the house. | -
- queso | Torta de oveja | Soft sheep's torta | 19.80 | Se abre por arriba y se come con cuchara. | Cut off the lid and eat it with a spoon. | -
- queso | Queso de oveja en aceite | Sheep's cheese in oil | 22.60 | Un año bajo virgen extra: ni seca ni rancia. | A year under extra virgin oil: neither dry nor rancid. | -
- queso | Queso de oveja con trufa | Sheep's cheese with truffle | 27.90 | Trufa negra rallada en la cuajada, no encima. | Black truffle grated into the curd, not on top. | -
- queso | Queso de cabra a la ceniza | Ash-rind goat's cheese | 21.80 | La ceniza de vid le quita acidez y le da carácter. | Vine ash tames the acidity and adds character. | -
- queso | Queso fresco para asar | Grilling cheese | 14.20 | Aguanta la plancha sin fundirse. | Holds on the grill without melting. | -
- membrillo | Dulce de membrillo | Quince paste | 5.60 | De membrillo de Priego, hervido con su piel. | Quinces from Priego, boiled with their skins. | -
- membrillo | Confitura de higos y nueces | Fig and walnut conserve | 5.90 | Higo negro de septiembre; la nuez se parte a mano. | Black September figs; the walnuts are cracked by hand. | -
- membrillo | Confitura de pimiento rojo | Red pepper conserve | 5.40 | Dulce y apenas picante, para el queso curado. | Sweet and barely hot, for aged cheese. | -
- miel | Miel de tomillo de la majada | Thyme honey from the fold | 9.20 | De las colmenas que guarda el pastor junto al redil. | From the hives the shepherd keeps by the fold. | -
- tabla | Tabla de queso con campana de tela | Cheese board with cloth cover | 34.00 | Roble de una pieza, con ranura para el suero. | One-piece oak with a groove for the whey. | -
- cuchillo | Cuchillo de queso de dos puntas | Two-pointed cheese knife | 18.50 | Hoja calada para que la loncha no se pegue. | A pierced blade so that the slice does not stick. | -
- dulce | Tortas de aceite y anís | Olive oil and aniseed crackers | 4.90 | Las que se rompen con la mano y acompañan al queso fresco. | Break them by hand next to fresh cheese. | -
- lote | Surtido de tres quesos con membrillo | Three cheeses with quince | 44.00 | Tres cuñas en orden de edad, una carta de cata y el membrillo. | Three wedges in order of age, tasting notes and quince. | -
== jamones-encinalejo
~ bellota | de bellota 100 % ibérico | acorn-fed, 100 % Ibérico | Montanera de noviembre a febrero en dehesa propia. | Acorn season from November to February in our own dehesa.
~ cebo | de cebo de campo ibérico | free-range Ibérico | Criado en el campo con pasto y cereal. | Raised outdoors on grass and grain.
~ duroc | duroc gran reserva | Duroc gran reserva | Cerdo blanco duroc, con veintidós meses de bodega. | White Duroc pork, twenty-two months in the cellar.
- jamon | Jamón {s} | Ham, {s} | 319.00 | Perfilado en V y colgado en las bodegas de Jabugo, abiertas al viento de la sierra. | V-cut and hung in the Jabugo cellars, open to the wind of the sierra. | bellota cebo duroc
- jamon | Paleta {s} | Shoulder, {s} | 149.00 | Más sabrosa y más terca que el jamón: para quien sabe cortar. | Tastier and more stubborn than the ham: for those who know how to carve. | bellota cebo duroc
- loncheado | Jamón cortado a cuchillo, {s} | Hand-carved ham, {s} | 16.90 | Lonchas cortas, casi transparentes, de las cuatro partes de la pieza. | Short slices, nearly transparent, from all four parts of the leg. | bellota cebo duroc
- loncheado | Lomo en lonchas, {s} | Sliced loin, {s} | 13.50 | Lomo adobado con pimentón y orégano, curado cuatro meses. | Loin rubbed with paprika and oregano, cured four months. | bellota cebo
- embutido | Chorizo ibérico de bellota | Acorn-fed Ibérico chorizo | 11.80 | Magro picado grueso y pimentón de la Vera. | Coarse lean meat and paprika from La Vera. | -
- embutido | Salchichón ibérico con pimienta en grano | Ibérico salchichón with peppercorns | 11.40 | La pimienta se ve y se muerde. | You see the pepper and you bite it. | -
- embutido | Morcón serrano | Sierra morcón | 12.60 | Embutido en ciego, con cinco meses de humo y aire. | Stuffed in the blind gut, five months of smoke and air. | -
- embutido | Caña de lomo doblada | Whole cured loin | 24.90 | El corte más limpio de la casa. | The cleanest cut in the house. | -
- embutido | Fuet del secadero | Cured fuet | 5.90 | Fino, tierno y con su flor blanca. | Thin, tender, with its white bloom. | -
- embutido | Sobrasada para untar | Spreadable sobrasada | 7.80 | Con miel y sobre pan caliente, es otra cosa. | On warm bread with honey it is something else. | -
- embutido | Morcilla curada con piñones | Cured blood sausage with pine nuts | 6.70 | Se come cruda y en rodajas gruesas. | Eaten raw, in thick slices. | -
- embutido | Panceta ibérica a la pimienta | Peppered Ibérico pancetta | 8.90 | Para tapa en frío o para el sofrito del domingo. | For cold tapas or the Sunday sofrito. | -
- cuchillo | Cuchillo jamonero flexible | Flexible ham knife | 29.50 | Hoja de 28 centímetros que sigue la curva del hueso. | A 28-centimetre blade that follows the bone. | -
- soporte | Soporte giratorio para jamón | Rotating ham stand | 68.00 | Base de roble, giro con freno y punta de acero. | Oak base, brake on the swivel and a steel spike. | -
- lote | Lote dehesa | Dehesa hamper | 89.00 | Jamón, lomo, chorizo y queso, con una baraja de cortes explicada. | Ham, loin, chorizo and cheese, with a card that explains the cuts. | -
- pimenton | Pimentón de la Vera ahumado, {s} | Smoked La Vera paprika, {s} | 3.90 | Secado al humo de encina quince días y molido a la piedra. | Dried over oak smoke for fifteen days and stone-milled. | vera_dulce vera_picante vera_agri
~ vera_dulce | dulce | sweet | El dulce da color y fondo sin picar. | Sweet gives colour and depth without heat.
~ vera_picante | picante | hot | El picante se pone al final y con cuidado. | The hot one goes in last, with care.
~ vera_agri | agridulce | bittersweet | El agridulce es el de los chorizos. | Bittersweet is the one for chorizo.
== casa-alborada
~ azahar | de azahar | orange blossom | Clara y perfumada, de los naranjos de la Safor. | Pale and scented, from the orange groves of La Safor.
~ romero | de romero | rosemary | Casi blanca cuando cristaliza; la primera de la primavera. | Almost white when it sets; the first of spring.
~ brezo | de brezo | heather | Oscura y densa, con un amargo limpio. | Dark and dense, cleanly bitter.
~ castano | de castaño | chestnut | Poco dulce, de otoño y monte alto. | Not very sweet, of autumn and high hills.
~ milflores | de mil flores | wildflower | Cada año sabe distinta, según lloviera en abril. | It tastes different every year, depending on April's rain.
~ encina | de bosque de encina | oak forest | Mielada oscura, más mineral que floral. | A dark honeydew, more mineral than floral.
- miel | Miel cruda {s} | Raw {s} honey | 8.90 | Recogida por cuatro familias de apicultores que conocemos por su nombre. | Gathered by four families of beekeepers we know by name. | azahar romero brezo castano milflores encina
- turron | Turrón de Jijona | Soft almond turrón | 11.90 | Blando, molido tres veces, con la grasa justa de la almendra. | Soft, milled three times, with just the almond's own oil. | -
- turron | Turrón de Alicante | Hard almond turrón | 11.90 | Duro, con la almendra entera y la oblea pegada. | Hard, with whole almonds and its wafer. | -
- turron | Turrón de yema tostada | Toasted yolk turrón | 10.80 | Quemado con pala de hierro, como la crema. | Burnt with an iron, like crème brûlée. | -
- turron | Turrón de chocolate con naranja | Chocolate and orange turrón | 10.50 | Piel de naranja confitada en casa. | Orange peel candied here. | -
- turron | Turrón de pistacho | Pistachio turrón | 13.90 | Pistacho manchego sin teñir, verde de suyo. | Undyed pistachio from La Mancha, green by nature. | -
- turron | Guirlache de sésamo | Sesame brittle | 7.90 | Caramelo fino que suena al partirlo. | Thin caramel that sounds when it breaks. | -
- dulce | Polvorones de almendra | Almond polvorones | 7.40 | Se aprietan en la mano antes de abrirlos. | Squeeze them in your hand before you unwrap them. | -
- dulce | Mantecados de canela | Cinnamon mantecados | 6.90 | Con manteca ibérica y canela de Ceilán. | With Ibérico lard and Ceylon cinnamon. | -
- dulce | Alfajores de Medina | Medina alfajores | 8.20 | Miel, almendra, cilantro y matalahúva: receta morisca. | Honey, almond, coriander and aniseed: a Moorish recipe. | -
- dulce | Rosquillas de anís | Aniseed rings | 5.80 | Fritas en aceite de oliva y pasadas por azúcar. | Fried in olive oil and rolled in sugar. | -
- dulce | Almendras garrapiñadas | Sugared almonds | 6.40 | Crujen tres días después de abrirlas. | Still crisp three days after opening. | -
- dulce | Barquillos de vainilla | Vanilla wafers | 5.20 | Para el helado o para mojar en el café. | For ice cream, or to dip in coffee. | -
- chocolate | Chocolate a la piedra 70 % | Stone-ground chocolate 70 % | 4.80 | Cacao y azúcar de caña, sin más. | Cocoa and cane sugar, nothing else. | -
- chocolate | Chocolate con almendra marcona | Chocolate with Marcona almonds | 5.60 | Almendra entera, tostada la víspera. | Whole almonds, roasted the day before. | -
- chocolate | Chocolate con sal y aceite | Chocolate with salt and olive oil | 5.20 | Escamas de sal de Guardamar y Arbequina. | Salt flakes from Guardamar and Arbequina oil. | -
- chocolate | Chocolate a la taza | Drinking chocolate | 4.90 | Espeso de verdad: la cuchara se queda de pie. | Properly thick: the spoon stands. | -
- mermelada | Mermelada de naranja amarga | Bitter orange marmalade | 4.90 | Naranjas de la calle Alfonso, en Sevilla, cortadas a mano. | Seville street oranges, cut by hand. | -
- mermelada | Mermelada de albaricoque | Apricot jam | 4.70 | Albaricoque de Hellín en trozos que se encuentran. | Apricots from Hellín in pieces you can find. | -
- lote | Caja de sobremesa | After-dinner box | 36.00 | Turrones, chocolates y miel, con un pliego de historia. | Turrón, chocolate and honey, with a page of history. | -
== azafranes-llano-rojo
~ dulce | dulce | sweet | El dulce da color sin picar. | The sweet one colours without heat.
~ picante | picante | hot | Pica al segundo bocado. | The heat comes with the second bite.
- azafran | Azafrán en hebra de La Mancha | Saffron threads from La Mancha | 22.50 | Flor cogida al alba y mondada el mismo día sobre la mesa de la cocina. | Flowers picked at dawn and plucked the same day on the kitchen table. | -
- azafran | Azafrán molido en sobres | Ground saffron in sachets | 18.90 | Molido en el momento de ensobrar, en dosis de paella. | Ground as it is packed, in paella doses. | -
- azafran | Azafrán de cosecha única | Single-harvest saffron | 29.00 | De una sola parcela de Madridejos, numerado. | From a single plot in Madridejos, numbered. | -
- pimenton | Pimentón de huerta {s} | Garden paprika, {s} | 3.60 | Pimiento de bola secado al sol, sin ahumar. | Round peppers dried in the sun, not smoked. | dulce picante
- especia | Comino en grano | Cumin seeds | 3.20 | Tostado ligeramente huele a gazpachuelo y a mojo. | Lightly toasted, it smells of mojo. | -
- especia | Matalahúva | Aniseed | 3.40 | El anís verde de los dulces de sartén. | The green aniseed of fried sweets. | -
- especia | Orégano de sierra | Mountain oregano | 2.90 | En flor y en rama, para desmenuzar. | In flower on the stem, to crumble. | -
- especia | Canela en rama de Ceilán | Ceylon cinnamon sticks | 4.60 | Corteza fina que se rompe con los dedos. | Thin bark that breaks in the fingers. | -
- especia | Ñoras molidas | Ground ñora pepper | 3.90 | El alma del arroz caldero. | The soul of caldero rice. | -
- especia | Tomillo limonero | Lemon thyme | 2.90 | Para pollo, para infusión y para el armario. | For chicken, for tea and for the wardrobe. | -
- especia | Pimienta de Jamaica | Allspice | 3.80 | Imprescindible en escabeches. | Essential in escabeche. | -
- especia | Mezcla para pinchos morunos | Spice mix for pinchos | 3.90 | Comino, pimentón, cúrcuma y una pizca de secreto. | Cumin, paprika, turmeric and a pinch of secret. | -
- arroz | Arroz bomba | Bomba rice | 6.90 | El que perdona: no se pasa aunque suene el teléfono. | The forgiving one: it holds even if the phone rings. | -
- arroz | Arroz senia | Senia rice | 4.80 | Absorbe más sabor que ninguno y exige atención. | Takes up more flavour than any, and demands attention. | -
- arroz | Arroz albufera | Albufera rice | 5.90 | Entre los dos: meloso por dentro, suelto por fuera. | Between the two: creamy within, loose without. | -
- arroz | Arroz integral de montaña | Brown mountain rice | 4.90 | De Calasparra, regado con agua corriente. | From Calasparra, watered by a running river. | -
- legumbre | Garbanzo pedrosillano | Pedrosillano chickpeas | 3.90 | Pequeño, de piel fina, el del cocido. | Small and thin-skinned, the one for cocido. | -
- legumbre | Alubia pinta | Pinto beans | 4.20 | Hace un caldo color teja. | Makes a brick-coloured broth. | -
- legumbre | Lenteja pardina | Pardina lentils | 3.60 | No necesita remojo. | Needs no soaking. | -
- legumbre | Judión blanco | Giant white beans | 7.40 | Se come de dos en dos. | Eaten two at a time. | -
- paellera | Paellera de acero pulido | Polished steel paella pan | 21.00 | La de toda la vida, con asas remachadas. | The classic, with riveted handles. | -
- lote | Caja de arroz del domingo | Sunday rice box | 39.00 | Bomba, azafrán, pimentón y la receta de la tía Consuelo. | Bomba, saffron, paprika and Aunt Consuelo's recipe. | -
== cafes-puerto-viejo
~ etiopia | Etiopía Guji | Ethiopia Guji | Floral, con bergamota y melocotón. | Floral, bergamot and peach.
~ colombia | Colombia Huila | Colombia Huila | Panela, manzana roja y cuerpo medio. | Panela, red apple, medium body.
~ brasil | Brasil Cerrado | Brazil Cerrado | Chocolate con leche y avellana; acidez baja. | Milk chocolate and hazelnut; low acidity.
~ guatemala | Guatemala Huehuetenango | Guatemala Huehuetenango | Naranja y cacao, muy limpio. | Orange and cocoa, very clean.
~ peru | Perú Cajamarca | Peru Cajamarca | De cooperativa de mujeres, con notas de caramelo. | From a women's cooperative, with caramel notes.
- cafe | Café {s} | {s} coffee | 9.80 | Un solo origen, tostado en el puerto en lotes de quince kilos. | Single origin, roasted by the harbour in fifteen-kilo batches. | etiopia colombia brasil guatemala peru
- cafe | Mezcla del Muelle para espresso | Dockside espresso blend | 8.60 | La que servimos en la barra desde 1978. | What we have poured at the bar since 1978. | -
- cafe | Descafeinado al agua | Water-process decaf | 9.40 | Colombiano descafeinado sin disolventes. | Colombian, decaffeinated without solvents. | -
- cafe | Torrefacto no: tueste oscuro natural | Dark natural roast | 8.20 | Para quien quiere fuerza sin azúcar quemado. | For those who want strength without burnt sugar. | -
- te | Té negro de Ceilán | Ceylon black tea | 6.80 | Hoja entera de las tierras altas, para el desayuno. | Whole leaf from the highlands, for breakfast. | -
- te | Té verde con hierbabuena | Green tea with spearmint | 6.20 | Pólvora y hierbabuena, como en el sur. | Gunpowder and spearmint, as in the south. | -
- te | Té blanco con pétalos | White tea with petals | 9.40 | Delicado: no más de tres minutos. | Delicate: three minutes at most. | -
- te | Té Pu-erh añejo | Aged Pu-erh | 8.90 | Tierra mojada y cuero, para después de comer. | Wet earth and leather, for after lunch. | -
- te | Earl Grey de bergamota calabresa | Calabrian Earl Grey | 7.20 | Con aceite de bergamota, no con aroma. | With bergamot oil, not flavouring. | -
- infusion | Rooibos con naranja | Rooibos with orange | 5.90 | Dulce por naturaleza y rojo en la taza. | Naturally sweet and red in the cup. | -
- infusion | Poleo y menta del Maestrazgo | Maestrazgo pennyroyal and mint | 4.60 | La de después de comer, de siempre. | The one for after lunch, as ever. | -
- infusion | Manzanilla amarga | Bitter camomile | 4.60 | De flor pequeña, recogida a mano. | Small-flowered, hand-picked. | -
- infusion | Hierba luisa | Lemon verbena | 4.80 | Huele a limón desde el otro lado de la cocina. | You smell lemon across the kitchen. | -
- cafetera | Cafetera italiana clásica | Classic moka pot | 27.90 | La de ocho caras, hecha en Vitoria. | Eight-sided, made in Vitoria. | -
- cafetera | Cafetera italiana para inducción | Induction moka pot | 36.00 | Base de acero, válvula visible. | Steel base, visible valve. | -
- hervidor | Hervidor de cuello de cisne | Gooseneck kettle | 46.00 | Vierte un hilo que se domina. | Pours a thread you can steer. | -
- taza | Taza de barra | Bar cup | 8.90 | Loza gruesa que guarda el calor de un cortado. | Thick ware that keeps a cortado hot. | -
- vidrio | Vasos de café con hielo | Iced coffee glasses | 7.40 | Anchos de boca y con base pesada. | Wide-mouthed with a heavy base. | -
- chocolate | Chocolate con grano de café | Chocolate with coffee beans | 5.40 | Grano entero de Guji bajo chocolate al 60 %. | Whole Guji beans under 60 % chocolate. | -
- lote | Estuche de cinco orígenes | Five origins box | 32.00 | Cinco bolsas de cien gramos y una ficha de cata. | Five hundred-gram bags and a tasting card. | -
"""
